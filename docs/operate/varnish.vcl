# Varnish in front of the newsroom: serves public pages from memory, and is told what has changed (Debian: varnish, varnish-modules).
vcl 4.1;

import std;
import xkey;

backend newsroom {
    .host = "127.0.0.1";
    .port = "8000";
}

# Who may purge: the machines of the newsroom.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(405));
        }
        return (synth(200, "Purged " + xkey.purge(req.http.xkey)));
    }
    # Staff, previews and what is sent go through.
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    if (req.url ~ "^/(admin|accounts|preview)/" || req.http.Range) {
        return (pass);
    }
    # A public page is the same for everybody.
    unset req.http.Cookie;
    return (hash);
}

sub vcl_backend_response {
    # Said to caches that are purged; else what is said to every cache counts (s-maxage).
    if (beresp.http.Surrogate-Control ~ "max-age=[0-9]+") {
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, ".*max-age=([0-9]+).*", "\1s"), 0s);
    }
    # Beyond its time a page is shown only while the newsroom does not answer.
    set beresp.grace = 0s;
    set beresp.keep = 10m;
}

sub vcl_deliver {
    unset resp.http.Surrogate-Control;
    unset resp.http.Surrogate-Key;
    unset resp.http.xkey;
    unset resp.http.Cache-Tag;
}
