"""Every setting of the site, read from the environment with a typed reader; README lists the variables."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.conf import locale
from django.core.exceptions import ImproperlyConfigured

from newsroom import environment
from newsroom.delivery import logs
from newsroom.safety.backup.rules import read_rules

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.read_environment(BASE_DIR)

# ------------------------------------------------------------------ the site

DEBUG = env.bool("DEBUG", False)
PORT = env.int("PORT", 8000)
BIND = env.str("BIND", "127.0.0.1")
# How it is served: processes, threads in each, and how many connections of one address a process keeps waiting (0: any number).
WEB_CONCURRENCY = environment.at_least("WEB_CONCURRENCY", env.int("WEB_CONCURRENCY", 2), 1)
WEB_THREADS = environment.at_least("WEB_THREADS", env.int("WEB_THREADS", 4), 1)
CONNECTIONS_PER_ADDRESS = environment.at_least(
    "CONNECTIONS_PER_ADDRESS", env.int("CONNECTIONS_PER_ADDRESS", 100), 0
)
SITE_URL = env.str("SITE_URL", f"http://localhost:{PORT}").rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", str(BASE_DIR / "var"))).resolve()
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
# Where the site is read through Tor. The whole of it is served there; canonical addresses stay those of SITE_URL.
ONION_URL = environment.onion("ONION_URL", env.str("ONION_URL", ""))
if ONION_URL:
    ALLOWED_HOSTS.append(environment.host_of(ONION_URL))
SECRET_KEY = environment.secret_key(env, DATA_DIR)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
# Staff need a second factor wherever DEBUG is off.
SECOND_FACTOR_REQUIRED = env.bool("SECOND_FACTOR_REQUIRED", not DEBUG)
ACCEPTED_RISKS: list[str] = env.list("ACCEPTED_RISKS", [])
HTTPS = SITE_URL.startswith("https://")

environment.demand_whole_address("SITE_URL", SITE_URL)
if DEBUG:
    SECRET_KEY = SECRET_KEY or "for-development-only-" + "0" * 40
    environment.demand_safe_development(ALLOWED_HOSTS)
else:
    environment.demand_safe_production(
        key=SECRET_KEY,
        site_url=SITE_URL,
        hosts=ALLOWED_HOSTS,
        second_factor=SECOND_FACTOR_REQUIRED,
        accepted=ACCEPTED_RISKS,
    )

NEWSROOM = {
    "name": env.str("ORGANISATION_NAME", "Ledgerlight Observatory"),
    "tagline": env.str("ORGANISATION_TAGLINE", "Every claim can be followed to its source."),
    "logo": env.str("ORGANISATION_LOGO", "img/logo.svg"),
    "about": env.str("ORGANISATION_ABOUT", ""),
    "contact_email": env.str("ORGANISATION_EMAIL", ""),
    "copyright": env.str("ORGANISATION_COPYRIGHT", ""),
}

# ------------------------------------------------------------------ applications

INSTALLED_APPS = [
    "newsroom.accounts",  # before Django's, of whose commands it has its own: those put on record what they do
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_prose_editor",
    "taggit",
    "django_tasks",
    "django_tasks_db",
    "newsroom.safety",
    "releases",
]
MIDDLEWARE = [
    "newsroom.delivery.requests.RequestMiddleware",
    "newsroom.delivery.middleware.BodySizeMiddleware",
    "newsroom.delivery.page_cache.PageCacheMiddleware",
    "newsroom.delivery.middleware.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "newsroom.delivery.middleware.HeadersMiddleware",
    "newsroom.delivery.middleware.ContentPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "newsroom.delivery.health.HealthMiddleware",
    "newsroom.delivery.edition.EditionMiddleware",
    "newsroom.delivery.middleware.CompressionMiddleware",
    "newsroom.accounts.middleware.SessionMiddleware",
    "newsroom.delivery.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "newsroom.accounts.middleware.CsrfViewMiddleware",
    "newsroom.accounts.middleware.AuthenticationMiddleware",
    "newsroom.accounts.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # allauth demands it by this name
    "newsroom.accounts.middleware.SecondFactorMiddleware",
    "newsroom.delivery.health.DatabaseFaultMiddleware",
    "newsroom.delivery.uploads.UploadFaultMiddleware",
]
ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "newsroom.flat_templates.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "newsroom.delivery.frame.frame",
            ],
            "builtins": ["releases.templatetags.clock"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # our widgets' templates stand in templates/
# They know SecurityMiddleware and CsrfViewMiddleware by Django's names only; ours are kinds of these.
SILENCED_SYSTEM_CHECKS = ["security.W001", "security.W003"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# ------------------------------------------------------------------ data

DATABASE_POOLER = environment.pooler(env)
DATABASES = environment.databases(env, DATA_DIR, pooled=bool(DATABASE_POOLER))
DATABASE_DIRECT = environment.direct_database(env)
DATABASE_ROUTERS = ["releases.databases.Router"] if len(DATABASES) > 1 else []
PAGE_CACHE_MB = env.int("PAGE_CACHE_MB", 20)  # in each process, which with it stays under 120 MB
CACHES = environment.caches(env, DATA_DIR, megabytes=PAGE_CACHE_MB)

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# The sheets of every public page, in the order of their layers, and those of the staff's. Where static files are collected each
# of these lists becomes one file.
STYLESHEETS = {
    "css/public.css": [f"css/{name}.css" for name in ("tokens", "base", "layout", "frame", "parts", "words")],
    "css/staff.css": [f"css/{name}.css" for name in ("admin", "admin-form", "admin-desk", "admin-versions")],
}
STORAGES = {
    "default": environment.storage(env),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "newsroom.delivery.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Pictures of drafts are among them.
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # a body may be 2 million characters of up to 4 bytes
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "newsroom.delivery.uploads.UploadHandler",
]
DOCX_MAX_MB = env.int("DOCX_MAX_MB", 20)  # of a Word file that somebody brings
PICTURE_MAX_MB = env.int("PICTURE_MAX_MB", 25)

DISK_MIN_MB = environment.at_least("DISK_MIN_MB", env.int("DISK_MIN_MB", 200), 0)  # free, or /readyz says so

TASKS = environment.tasks(env)

# ------------------------------------------------------------------ words and time

LANGUAGE_CODE = env.str("LANGUAGE_CODE", "en")
LANGUAGE_NAMES = {
    "en": "English",
    "zh-hans": "简体中文",
    "zh-hant": "繁體中文",
    "bo": "བོད་ཡིག",
    "ug": "ئۇيغۇرچە",
}
LANGUAGES = [
    (code, LANGUAGE_NAMES.get(code, code))
    for code in env.list("LANGUAGES", ["en", "zh-hans", "zh-hant", "bo", "ug"])
]
if LANGUAGE_CODE not in dict(LANGUAGES):
    raise ImproperlyConfigured(f"LANGUAGE_CODE is {LANGUAGE_CODE}, which LANGUAGES does not name.")
# Languages that have a translation of the frame; a list in another language stands in the default frame.
FRAME_LANGUAGES = ["en", "zh-hans", "zh-hant"]
# What Django's table of languages lacks: the name, and whether it is written from right to left.
for _code, _name, _bidi in (
    ("bo", "Tibetan", False),
    ("dv", "Divehi", True),
    ("ps", "Pashto", True),
    ("sd", "Sindhi", True),
    ("yi", "Yiddish", True),
):
    _info = {"bidi": _bidi, "code": _code, "name": _name, "name_local": LANGUAGE_NAMES.get(_code, _name)}
    locale.LANG_INFO.setdefault(_code, _info)
# In the table for the Arabic letters of Iran; the language of the code alone is written in Latin ones.
locale.LANG_INFO["az"]["bidi"] = False
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", "America/New_York")
FORMAT_MODULE_PATH = None

# ------------------------------------------------------------------ people

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "newsroom.accounts.people.VarietyValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "newsroom.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}  # by e-mail a known address costs two hashes: its time would tell it
ACCOUNT_SIGNUP_FIELDS = [
    "username*",
    "password1*",
]  # no sign-up is routed; allauth's form wants to see a password
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "newsroom.accounts.forms.LoginForm",
    "change_password": "newsroom.accounts.forms.ChangePasswordForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",  # "key" is account AND address, so that a stranger locks nobody out
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "newsroom.accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up by themselves
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = NEWSROOM["name"]
MFA_FORMS = {
    "authenticate": "newsroom.accounts.forms.AuthenticateForm",
    "reauthenticate": "newsroom.accounts.forms.ReauthenticateForm",
    "activate_totp": "newsroom.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "newsroom.accounts.forms.AddWebAuthnForm",
    "authenticate_webauthn": "newsroom.accounts.forms.AuthenticateWebAuthnForm",
    "login_webauthn": "newsroom.accounts.forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "newsroom.accounts.forms.ReauthenticateWebAuthnForm",
}

SESSION_COOKIE_AGE = 12 * 60 * 60  # a working day
# Cookies ignore the port: two copies on one machine would sign each other out.
SESSION_COOKIE_NAME = f"newsroom_session_{PORT}"
CSRF_COOKIE_NAME = f"newsroom_csrf_{PORT}"
# After so many minutes in which nobody does anything a session ends before its day.
SESSION_IDLE_MINUTES = env.int("SESSION_IDLE_MINUTES", 60)
if not 5 <= SESSION_IDLE_MINUTES <= SESSION_COOKIE_AGE // 60:
    raise ImproperlyConfigured(
        f"SESSION_IDLE_MINUTES must be 5 to {SESSION_COOKIE_AGE // 60}, not {SESSION_IDLE_MINUTES}."
    )
# By which a browser is known again in which somebody has signed in; it opens nothing.
DEVICE_COOKIE_NAME = f"newsroom_device_{PORT}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_TRUSTED_ORIGINS = [*env.list("CSRF_TRUSTED_ORIGINS", [SITE_URL]), *filter(None, [ONION_URL])]
# A form of a release whose token a new sign-in has made worthless is shown again, with its words.
CSRF_FAILURE_VIEW = "releases.admin.release.submission.csrf_failure"

# For how many days it is kept who came in and what they were given.
ACCESS_RECORD_DAYS = env.int("ACCESS_RECORD_DAYS", 180)
if ACCESS_RECORD_DAYS < 1:
    raise ImproperlyConfigured(f"ACCESS_RECORD_DAYS must be at least 1, not {ACCESS_RECORD_DAYS}.")

# For how many hours a link can be used with which somebody chooses their password.
INVITATION_HOURS = env.int("INVITATION_HOURS", 72)
if not 1 <= INVITATION_HOURS <= 24 * 30:
    raise ImproperlyConfigured(f"INVITATION_HOURS must be 1 to {24 * 30}, not {INVITATION_HOURS}.")

# ------------------------------------------------------------------ headers

# For how long proxies and CDNs show a page without asking; never beyond the next full minute.
SHARED_CACHE_SECONDS = env.int("SHARED_CACHE_SECONDS", 0)
if not 0 <= SHARED_CACHE_SECONDS <= 60:
    raise ImproperlyConfigured(f"SHARED_CACHE_SECONDS must be 0 to 60, not {SHARED_CACHE_SECONDS}.")
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", 31_536_000) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_SUBDOMAINS", True)
if env.bool("BEHIND_TLS_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-src": [NONE],
        "frame-ancestors": [NONE],
        "report-uri": ["/csp-reports/"],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: []
    for name in (
        "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
        "microphone", "midi", "payment", "usb",
    )
}  # fmt: skip

# ------------------------------------------------------------------ the editorial process

# Nobody approves, or publishes, what they wrote themselves.
APPROVAL_BY_ANOTHER = env.bool("APPROVAL_BY_ANOTHER", False)
# Words and names to be looked at again before they go out, separated by semicolons; what follows a colon is said
# with them: "Saltmere: check the spelling; exclusive".
REMINDER_WORDS = [one.strip() for one in env.str("REMINDER_WORDS", "").split(";") if one.strip()]
# Where corrections stand on a release's page: "head" or "foot".
CORRECTIONS_AT = env.str("CORRECTIONS_AT", "head")
if CORRECTIONS_AT not in {"head", "foot"}:
    raise ImproperlyConfigured(f"CORRECTIONS_AT must be head or foot, not {CORRECTIONS_AT!r}.")
# Whether every published version of a release can be read, on a page of its own.
PUBLIC_HISTORY = env.bool("PUBLIC_HISTORY", False)

# ------------------------------------------------------------------ caches in front

# The caches that are told what has changed, by a request each (`releases.purges` names what {keys} and the like stand for).
PURGE_URLS: list[str] = env.list("PURGE_URLS", [])
for _url in PURGE_URLS:
    environment.demand_whole_address("PURGE_URLS", _url)
PURGE_METHOD = env.str("PURGE_METHOD", "PURGE")
PURGE_HEADERS = environment.headers("PURGE_HEADERS", env.str("PURGE_HEADERS", "xkey: {keys}"))
PURGE_BODY = env.str("PURGE_BODY", "")

# ------------------------------------------------------------------ feeds and discovery

# The hub that is told of changes and that readers may subscribe at (WebSub); off when empty.
WEBSUB_HUB = env.str("WEBSUB_HUB", "")
if WEBSUB_HUB:
    environment.demand_whole_address("WEBSUB_HUB", WEBSUB_HUB)
# A withdrawn release leaves the feeds; with this it stays there as a notice, without its words.
WITHDRAWN_IN_FEEDS = env.bool("WITHDRAWN_IN_FEEDS", False)
# The address of the licence under which the releases may be used, named in their headers and to machines.
LICENCE_URL = env.str("LICENCE_URL", "")

# ------------------------------------------------------------------ faults, and sources

# Whom to tell of a fault, by security.txt (RFC 9116): mail or web addresses, a public PGP key in a file, a page with the rules.
SECURITY_CONTACTS = environment.contacts(
    "SECURITY_CONTACTS", env.list("SECURITY_CONTACTS", []), NEWSROOM["contact_email"]
)
SECURITY_KEY_FILE = environment.key_file("SECURITY_KEY_FILE", env.str("SECURITY_KEY_FILE", ""))
SECURITY_POLICY_URL = env.str("SECURITY_POLICY_URL", "")
if SECURITY_POLICY_URL:
    environment.demand_whole_address("SECURITY_POLICY_URL", SECURITY_POLICY_URL)
# The onion address of the newsroom's SecureDrop; with it there is a page that leads there.
SECUREDROP_URL = environment.onion("SECUREDROP_URL", env.str("SECUREDROP_URL", ""))
# Where faults are reported, without a word of what was asked (Sentry's protocol; `pip install sentry-sdk`).
SENTRY_DSN = env.str("SENTRY_DSN", "")
if SENTRY_DSN:
    from newsroom.delivery import error_reports

    error_reports.start(SENTRY_DSN, environment="development" if DEBUG else "production")
# Who asks for /metrics, and for the details of /readyz, sends it: Authorization: Bearer TOKEN.
# Without it there are neither.
METRICS_TOKEN = environment.token("METRICS_TOKEN", env.str("METRICS_TOKEN", ""))

# ------------------------------------------------------------------ mirrors

# Where else the site can be found; `manage.py sign_mirrors` signs the list and publishes it.
MIRRORS: list[str] = env.list("MIRRORS", [])
for _mirror in MIRRORS:
    environment.demand_whole_address("MIRRORS", _mirror)

# ------------------------------------------------------------------ sources

# Whether `manage.py check_sources` looks at what releases cite; how many addresses a run looks at, and by what the sites
# that are asked can reach whoever asks (an address or a mail address, in the robot's name).
CHECK_SOURCES = env.bool("CHECK_SOURCES", False)
SOURCES_PER_RUN = env.int("SOURCES_PER_RUN", 100)
SOURCES_CONTACT = env.str("SOURCES_CONTACT", NEWSROOM["contact_email"] or SITE_URL)
if not (SOURCES_CONTACT.isascii() and SOURCES_CONTACT.isprintable()) or set("() ") & set(SOURCES_CONTACT):
    raise ImproperlyConfigured(f"SOURCES_CONTACT must be a plain address, not {SOURCES_CONTACT!r}.")
if SOURCES_PER_RUN < 1:
    raise ImproperlyConfigured("SOURCES_PER_RUN must be at least 1; CHECK_SOURCES=0 switches the checks off.")

# ------------------------------------------------------------------ backups

# Where `manage.py backup` writes, and what it keeps of older ones; the desk warns chiefs when the last one is older than this.
BACKUP_DIR = env.str("BACKUP_DIR", "")
BACKUP_KEEP = env.str("BACKUP_KEEP", "")
try:
    read_rules(BACKUP_KEEP)
except ValueError as _error:
    raise ImproperlyConfigured(f"BACKUP_KEEP: {_error}") from _error
BACKUP_MAX_HOURS = env.int("BACKUP_MAX_HOURS", 36)
if BACKUP_MAX_HOURS < 1:
    raise ImproperlyConfigured("BACKUP_MAX_HOURS must be at least 1.")
# What backups are encrypted with: in a file of its own, or here; without it they are not.
BACKUP_PASSPHRASE_FILE = env.str("BACKUP_PASSPHRASE_FILE", "")
BACKUP_PASSPHRASE = env.str("BACKUP_PASSPHRASE", "")

# ------------------------------------------------------------------ records

# A line for each request, without address, path and question (`newsroom.delivery.logs`).
LOG_REQUESTS = env.bool("LOG_REQUESTS", True)
LOG_FORMAT = env.str("LOG_FORMAT", "line")
if LOG_FORMAT not in {"line", "json"}:
    raise ImproperlyConfigured(f"LOG_FORMAT must be line or json, not {LOG_FORMAT!r}.")
LOGGING = logs.configuration(level=env.str("LOG_LEVEL", "INFO"), form=LOG_FORMAT, debug=DEBUG)
