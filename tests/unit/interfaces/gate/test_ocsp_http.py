import base64

from cellwarden.interfaces.gate.ocsp_http import ocsp_app


class Echo:
    def respond(self, content):
        return b"<" + content + b">"


def test_a_request_comes_by_post_or_in_the_path(served):
    with served(ocsp_app(Echo())) as client:
        posted = client.post("/", content=b"\x30ask")
        assert (posted.status_code, posted.content) == (200, b"<\x30ask>")
        assert posted.headers["content-type"] == "application/ocsp-response"
        assert client.get("/" + base64.b64encode(b"\x30a").decode()).content == b"<\x30a>"
        assert client.get("/***").status_code == 400


def test_what_is_larger_than_any_request_is_refused(served):
    with served(ocsp_app(Echo())) as client:
        assert client.post("/", content=b"x" * 5000).status_code == 413
