"""The description of the API (OpenAPI 3.1); a test holds its answers against it."""

MOMENT = {"type": "string", "format": "date-time"}
ADDRESS = {"type": "string", "format": "uri"}
TEXT = {"type": "string"}
NUMBER = {"type": "integer"}


def _object(**properties: object) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _asked(name: str, schema: object, description: str) -> dict[str, object]:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}


def _answer(description: str, schema: str) -> dict[str, object]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": description, "content": content}


DOCUMENT: dict[str, object] = {
    "openapi": "3.1.0",
    "info": {
        "title": "Releases",
        "version": "1",
        "description": "Everything that readers of the newsroom may see, read-only. Answers carry an ETag: ask again "
        "with If-None-Match.",
    },
    "paths": {
        "/api/releases.json": {
            "get": {
                "operationId": "listReleases",
                "summary": "Releases, newest first",
                "parameters": [
                    _asked("language", TEXT, "Only releases in this language, as in the site's addresses."),
                    _asked(
                        "topic", TEXT, "Only releases under the topic with this slug; former slugs lead on."
                    ),
                    _asked(
                        "limit",
                        {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
                        "How many releases a page has.",
                    ),
                    _asked("after", TEXT, "The id with which the page before ended; `next` has it already."),
                ],
                "responses": {
                    "200": _answer("A page of releases.", "Page"),
                    "400": _answer("The question made no sense.", "Error"),
                },
            }
        },
    },
    "components": {
        "schemas": {
            "Page": _object(
                releases={"type": "array", "items": {"$ref": "#/components/schemas/Release"}},
                next={"type": ["string", "null"], "format": "uri"},
            ),
            "Release": _object(
                id={"type": "string", "description": "A URN that never changes."},
                url=ADDRESS,
                language=TEXT,
                title=TEXT,
                dateline=TEXT,
                summary=TEXT,
                published=MOMENT,
                updated={**MOMENT, "description": "Moves for corrections of substance alone."},
                revision=NUMBER,
                topics={"type": "array", "items": {"$ref": "#/components/schemas/Topic"}},
                content_html={
                    "type": "string",
                    "description": "The whole text with its notes; links are absolute.",
                },
                notes={"type": "array", "items": {"$ref": "#/components/schemas/Note"}},
                word_count=NUMBER,
            ),
            "Topic": _object(slug=TEXT, name=TEXT, url=ADDRESS),
            "Note": _object(number=NUMBER, text=TEXT),
            "Error": _object(error=TEXT),
        }
    },
}
