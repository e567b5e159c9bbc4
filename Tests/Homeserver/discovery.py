"""From a server name to a login over TLS, in a network of its own.

    discovery.py HEIRLOOM FOLDER

Runs where mounts and network are this process's alone (discovery.sh): it gives itself name and trust
files, and listens on port 443 for every name below.
"""
import datetime
import http.server
import json
import os
import ssl
import subprocess
import sys
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HEIRLOOM, FOLDER = sys.argv[1:3]
TRUST = "/etc/ssl/certs/ca-certificates.crt"
NAMES = ["plain.test", "told.test", "matrix.told.test", "moved.test", "leaves.test", "broken.test",
         "expired.test", "other.test", "strange.test"]
DAY = datetime.timedelta(days=1)
checks = 0
asked = []


def check(fact, what, shown=""):
    global checks
    if not fact:
        raise SystemExit(f"FAILED: {what}\n{shown}")
    checks += 1
    print(f"  ok  {what}", flush=True)


class Authority:
    """Somebody who makes certificates."""

    def __init__(self, name):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self.certificate = self.make(self.name, self.key.public_key(), None, 10, is_authority=True)

    def make(self, subject, key, names, days, is_authority=False):
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(self.name).public_key(key)
            .serial_number(x509.random_serial_number()).not_valid_before(now - 20 * DAY)
            .not_valid_after(now + days * DAY)
            .add_extension(x509.BasicConstraints(is_authority, None), True))
        if names:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)
        return builder.sign(self.key, hashes.SHA256())

    def context(self, name, days=10, names=None):
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        certificate = self.make(subject, key.public_key(), names or [name], days)
        path = os.path.join(FOLDER, f"{name}-{days}.pem")
        with open(path, "wb") as file:
            file.write(key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption()))
            file.write(certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body, **headers):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def do_GET(self):
        name = self.headers["Host"].split(":")[0]
        asked.append((name, self.command, self.path, "Authorization" in self.headers))
        if self.command == "POST":
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            user = body.get("identifier", {}).get("user", "")
            return self.answer(200, {
                "user_id": user.replace("@alice:moved", "@mallory:moved"), "device_id": "D",
                "access_token": "syt_" + name})
        if self.path == "/.well-known/matrix/client":
            if name == "told.test":
                return self.answer(
                    200, {"m.homeserver": {"base_url": "https://matrix.told.test/"}})
            if name == "moved.test":
                return self.answer(302, {}, Location="https://told.test" + self.path)
            if name == "leaves.test":
                return self.answer(302, {}, Location="http://plain.test" + self.path)
            if name == "broken.test":
                return self.answer(200, {"m.homeserver": "https://matrix.told.test/"})
            return self.answer(404, {})
        if self.path == "/_matrix/client/v3/login":
            return self.answer(200, {"flows": [{"type": "m.login.password"}]})
        return self.answer(404, {"errcode": "M_UNRECOGNIZED"})

    do_POST = do_GET


def mount(path, text):
    own = os.path.join(FOLDER, os.path.basename(path))
    with open(own, "w") as file:
        file.write(text)
    subprocess.run(["mount", "--bind", own, path], check=True)


def login(name, expect, user="alice", port=""):
    """A login of somebody new; what was said, and by whom it was asked for."""
    asked.clear()
    home = os.path.join(FOLDER, "home-" + name)
    process = subprocess.run(
        [HEIRLOOM, "login", "--user", f"@{user}:{name}{port}", "--password-file",
         os.path.join(FOLDER, "password"), "--json"],
        env={"HEIRLOOM_HOME": home, "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True)
    check(process.returncode == expect, f"{name}{port}: exit {expect}",
          process.stdout + process.stderr)
    return json.loads(process.stdout), process.stderr


def main():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    trusted, stranger = Authority("a trusted authority"), Authority("nobody")
    with open(TRUST) as file:
        bundle = file.read()
    mount(TRUST, bundle + trusted.certificate.public_bytes(serialization.Encoding.PEM).decode())
    mount("/etc/hosts", "127.0.0.1 localhost " + " ".join(NAMES) + "\n")
    with open(os.path.join(FOLDER, "password"), "w") as file:
        file.write("a password\n")

    contexts = {name: trusted.context(name) for name in NAMES}
    contexts["expired.test"] = trusted.context("expired.test", days=-1)
    contexts["other.test"] = trusted.context("other.test", names=["told.test"])
    contexts["strange.test"] = stranger.context("strange.test")

    def choose(socket, name, context):
        socket.context = contexts.get(name, contexts["plain.test"])

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 443), Handler)
    front = trusted.context("front", names=NAMES)
    front.sni_callback = choose
    server.socket = front.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()

    print("Where a server name leads")
    report, _ = login("plain.test", 0)
    check(report["homeserver"] == "https://plain.test", "nowhere: to itself")
    report, _ = login("told.test", 0)
    check(report["homeserver"] == "https://matrix.told.test", "where it says")
    check([a[0] for a in asked] == ["told.test", "matrix.told.test", "matrix.told.test"],
          "and only there is logged in", asked)
    report, _ = login("moved.test", 4)
    check(asked[1][:1] == ("told.test",), "a redirect is followed", asked)
    check([a[2].split("/")[-1] for a in asked if a[1] == "POST"] == ["login", "logout"],
          "a login of somebody else is not kept, but ended", asked)
    report, _ = login("plain.test", 0, port=":8448")
    check(report["user"] == "@alice:plain.test:8448"
          and report["homeserver"] == "https://plain.test",
          "the port of a server name is not that of the homeserver", asked)

    print("Where it may not lead")
    report, talk = login("leaves.test", 1)
    check("http:// would show" in talk and len(asked) == 1, "out of TLS", talk)
    report, talk = login("broken.test", 1)
    check("--homeserver" in talk and len(asked) == 1, "where it says something else", talk)
    for name, word in (("expired.test", "trusts"), ("strange.test", "trusts"),
                       ("other.test", "another name")):
        report, talk = login(name, 1)
        check(word in talk and not asked, f"{name} gets no request at all", talk)
    report, talk = login("nowhere.test", 1)
    check("not known" in talk, "a name that nobody knows", talk)
    print(f"{checks} checks over TLS")


main()
