"""The whole way on a real homeserver, with a real client library as the peers.

    journey.py HEIRLOOM BASE_URL FOLDER INVITE_BOT

Alice's clients make rooms and talk. Her `invite` and Newton's `accept` bring him in; his own client
library restores from the key backup that `accept` pushed, with another implementation's
cryptography, and reads what was said before he came. In a room whose history is for those who were
there, nothing is handed over.
"""
import asyncio
import base64
import json
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.error

import vodozemac
from nio.crypto import key_export

from people import Client, call, register

logging.disable(logging.CRITICAL)

HEIRLOOM, BASE, FOLDER, BOT = sys.argv[1:5]
checks = 0


def check(fact, what, shown=""):
    global checks
    if not fact:
        raise SystemExit(f"FAILED: {what}\n{shown}")
    checks += 1
    print(f"  ok  {what}", flush=True)


class Person:
    """Somebody's home and the built program in it."""

    def __init__(self, name):
        self.home = os.path.join(FOLDER, "home-" + name)
        os.makedirs(self.home)
        self.name = name

    def path(self, name):
        return os.path.join(self.home, name)

    def write(self, name, text):
        with open(self.path(name), "w") as file:
            file.write(text)
        os.chmod(self.path(name), 0o600)
        return self.path(name)

    def start(self, *arguments):
        return subprocess.Popen(
            ["setsid", "--wait", HEIRLOOM, *arguments], cwd=self.home, text=True,
            env={"HEIRLOOM_HOME": self.path("data"), "PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments, expect=0):
        process = self.start(*arguments)
        output, talk = process.communicate(timeout=300)
        if process.returncode != expect:
            raise SystemExit(
                f"FAILED: {self.name}: heirloom {' '.join(arguments)}: exit {process.returncode}, "
                f"expected {expect}\n{output}\n{talk}")
        return output, talk

    @property
    def identity(self):
        return json.loads(self.run("identity", "show", "--json")[0])["identity"]


def make_backup(token):
    """An empty key backup; its private key in base64."""
    pair = vodozemac.PkDecryption()
    call(BASE, "POST", "/_matrix/client/v3/room_keys/version", {
        "algorithm": "m.megolm_backup.v1.curve25519-aes-sha2",
        "auth_data": {"public_key": pair.public_key.to_base64(), "signatures": {}}}, token)
    return pair, base64.b64encode(pair.key.to_bytes()).decode().rstrip("=")


def restore(pair, token):
    """What another implementation opens of the backup, as entries of a key export."""
    version = call(BASE, "GET", "/_matrix/client/v3/room_keys/version", token=token)["version"]
    answer = call(
        BASE, "GET", f"/_matrix/client/v3/room_keys/keys?version={version}", token=token)
    entries = []
    for room, sessions in answer["rooms"].items():
        for session, data in sessions["sessions"].items():
            data = data["session_data"]
            text = pair.decrypt(vodozemac.Message.from_base64(
                data["ciphertext"], data["mac"], data["ephemeral"]))
            entries.append(
                {**json.loads(text), "room_id": room, "session_id": session})
    return entries


def sign(account, value):
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return account.sign(text.encode()).signature


def cross_sign(client):
    """Gives an account new cross-signing keys that vouch for its client; the master key."""
    import nacl.signing

    def b64(data):
        return base64.b64encode(bytes(data)).decode().rstrip("=")

    def key(pair, usage):
        public = b64(pair.verify_key)
        return public, {"user_id": client.user, "usage": [usage],
                        "keys": {"ed25519:" + public: public}}

    master, selfs = nacl.signing.SigningKey.generate(), nacl.signing.SigningKey.generate()
    public, master_key = key(master, "master")
    self_public, self_key = key(selfs, "self_signing")
    self_key["signatures"] = {client.user: {"ed25519:" + public: b64(sign(master, self_key))}}
    path = "/_matrix/client/v3/keys/device_signing/upload"
    body = {"master_key": master_key, "self_signing_key": self_key}
    try:
        call(BASE, "POST", path, body, client.token)
    except urllib.error.HTTPError as error:
        session = json.loads(error.read())["session"]
        call(BASE, "POST", path, {**body, "auth": {
            "type": "m.login.password", "session": session, "password": client.password,
            "identifier": {"type": "m.id.user", "user": client.user}}}, client.token)
    device = client.nio.device_id
    keys = call(BASE, "POST", "/_matrix/client/v3/keys/query",
                {"device_keys": {client.user: []}}, client.token)
    mine = keys["device_keys"][client.user][device]
    bare = {k: v for k, v in mine.items() if k not in ("signatures", "unsigned")}
    bare["signatures"] = {client.user: {"ed25519:" + self_public: b64(sign(selfs, bare))}}
    call(BASE, "POST", "/_matrix/client/v3/keys/signatures/upload",
         {client.user: {device: bare}}, client.token)
    return public


def member(room, user, token):
    return call(
        BASE, "GET", f"/_matrix/client/v3/rooms/{room}/state/m.room.member/{user}?format=event",
        token=token)


async def main():
    clients = {}
    for name in ("alice", "bob", "newton", "late"):
        client = Client(BASE, name, os.path.join(FOLDER, "clients"))
        register(BASE, name, client.password)
        clients[name] = await client.start("PHONE")
    a, b, n, late = (clients[name] for name in ("alice", "bob", "newton", "late"))

    print("Rooms")
    garden = await a.make_room("shared", [b])
    said = []
    for turn in range(12):
        for client in (a, b):
            text = f"{client.name} {turn}"
            await client.say(garden, text)
            said.append(text)
        if turn % 4 == 3:
            await a.rotate(garden)
    council = await a.make_room("joined", [b])
    for turn in range(4):
        await a.say(council, f"secret {turn}")
    parlour = await a.make_room("shared", [late])
    await a.export(os.path.join(FOLDER, "alice.keys"), "alice's export")
    keys = os.path.join(FOLDER, "alice.keys")

    print("Logins")
    alice, newton, latecomer = Person("alice"), Person("newton"), Person("late")
    for person, client in ((alice, a), (newton, n), (latecomer, late)):
        person.run("identity", "new", "--no-passphrase")
        password = person.write("password", client.password + "\n")
        bad = person.write("bad", "not the password\n")
        login = ["login", "--user", client.user, "--homeserver", BASE]
        person.run(*login, "--password-file", bad, expect=3)
        _, talk = person.run(*login, "--password-file", password)
        check(client.user in talk and "syt_" not in talk, f"{person.name} logged in, no token shown")
    alice.write("export.pass", "alice's export\n")
    for person, others in ((alice, (newton, latecomer)), (newton, (alice,)), (latecomer, (alice,))):
        for other in others:
            person.run(
                "contact", "add", other.name, other.identity, "--user", clients[other.name].user)
    share = ["--keys", keys, "--keys-passphrase-file", alice.path("export.pass"), "--yes"]

    print("Who is the recipient?")
    newton.run("identity", "publish", expect=0)
    late_fingerprint = latecomer.identity
    stranger = Person("stranger")
    stranger.run("identity", "new", "--no-passphrase")
    stranger.run("login", "--user", b.user, "--homeserver", BASE, "--password-file",
                 stranger.write("password", b.password + "\n"))
    profile = ["contact", "add", "isaac", "--user", n.user, "--from-profile"]
    _, talk = stranger.run(*profile, expect=3)
    check("no cross-signing keys" in talk, "without cross-signing keys nothing is pinned", talk)
    first = cross_sign(n)
    _, talk = stranger.run(*profile)
    check(first in talk and "server's word" in talk and "PHONE" not in talk,
          "the chain verifies, the master key is shown", talk)
    listed = json.loads(stranger.run("contact", "list", "--json")[0])["contacts"]
    check([c["card"]["identity"] for c in listed] == [newton.identity],
          "the identity in the profile is the one that was published")
    check(listed[0]["masterKey"] == first, "the master key is pinned")
    stranger.run("contact", "add", "l", "--user", late.user, "--from-profile", expect=3)
    cross_sign(late)
    stranger.run("contact", "add", "l", "--user", late.user, "--from-profile", expect=6)
    value = call(BASE, "GET", f"/_matrix/client/v3/profile/{n.user}/dev.heirloom.identity")
    forged = {"dev.heirloom.identity": {**value["dev.heirloom.identity"], "user_id": late.user}}
    call(BASE, "PUT", f"/_matrix/client/v3/profile/{late.user}/dev.heirloom.identity", forged,
         late.token)
    _, talk = stranger.run(
        "contact", "add", "l", "--user", late.user, "--from-profile", expect=6)
    check("signature" in talk, "a statement that somebody changed is not taken", talk)
    check(late_fingerprint not in json.dumps(stranger.run("contact", "list", "--json")[0]),
          "and nothing of it is pinned")

    print("A room whose history is for those who were there")
    _, talk = alice.run("invite", n.user, "--room", council, *share, expect=5)
    check("may be handed over" in talk and "Invited" not in talk, "nothing goes, and why", talk)
    try:
        member(council, n.user, a.token)
        check(False, "nobody was invited")
    except urllib.error.HTTPError as error:
        check(error.code == 404, "nobody was invited")
    _, talk = alice.run(
        "invite", n.user, "--room", council, "--even-without-keys", *share, expect=5)
    check("carries NO keys" in talk, "an invite without keys goes out if asked, and says so", talk)
    check("dev.heirloom.hand_over" not in member(council, n.user, a.token)["content"],
          "that invite refers to nothing")
    newton.run("accept", "--room", council, "--deliver", "none.keys", expect=6)

    print("An invite that carries the past")
    _, talk = alice.run("invite", n.user, "--room", garden, "--to", "late", *share, expect=5)
    check("their rights count" in talk, "nobody is judged by the rights of the invited", talk)
    alice.run("invite", n.user, "--room", garden, *share, "--plan")
    output, talk = alice.run("invite", n.user, "--room", garden, *share, "--json")
    report = json.loads(output)
    content = member(garden, n.user, a.token)["content"]
    field = content["dev.heirloom.hand_over"]
    check(sorted(field) == ["blake2b", "bundle", "size", "url", "v"], "the field has five members")
    check(report["media"] == field["url"], "the report names where it lies")
    newton.run("accept", "--room", garden, expect=6)
    check(member(garden, n.user, a.token)["content"]["membership"] == "invite",
          "without a key backup to push to, nothing is done")
    pair, recovery = make_backup(n.token)
    newton.write("recovery", recovery + "\n")
    newton.run("accept", "--room", garden, "--recovery-key-file", "bad", expect=3)
    check(member(garden, n.user, a.token)["content"]["membership"] == "invite",
          "nor with a wrong recovery key")
    output, talk = newton.run("accept", "--room", garden, "--recovery-key-file", "recovery", "--json")
    report = json.loads(output)
    sessions = report["backup"]["sessions"]
    check(report["backup"]["new"] == sessions > 0, f"{sessions} sessions are in the backup", output)
    proven = [s for s in report["receive"]["sessions"] if s["proof"] == "proven"]
    check(len(proven) == sessions, "all of them proven by real messages")
    newton.run("accept", "--room", garden, "--recovery-key-file", "recovery", expect=5)
    check(True, "the same bundle again is refused")

    print("Newton's own client")
    bodies, closed = await n.read(garden)
    check(not bodies and closed == len(said), f"before: {closed} messages stay closed")
    entries = restore(pair, n.token)
    check(len(entries) == sessions, "another implementation opens the whole backup")
    path = os.path.join(FOLDER, "restored.keys")
    key_export.encrypt_and_save(json.dumps(entries).encode(), path, "restored")
    await n.nio.import_keys(path, "restored")
    bodies, closed = await n.read(garden)
    check(sorted(bodies) == sorted(said) and closed == 0,
          f"after: all {len(said)} messages from before the join are read")

    print("The delivered file")
    newton.write("new.pass", "a delivered passphrase\n")
    newton.run("accept", "--room", garden, "--deliver", "delivered.keys", "--again",
               "--deliver-passphrase-file", "new.pass")
    delivered = key_export.decrypt_and_read(newton.path("delivered.keys"), "a delivered passphrase")
    check(len(json.loads(delivered)) == sessions, "holds the same sessions")

    print("Somebody who joined already")
    await late.nio.join(parlour)
    call(BASE, "POST", f"/_matrix/client/v3/rooms/{garden}/invite", {"user_id": late.user}, a.token)
    await late.nio.join(garden)
    alice.run("attach", late.user, "--room", garden, *share, "--through", parlour)
    # Somebody whom Late does not know announces keys of the room too, after Alice.
    call(BASE, "POST", f"/_matrix/client/v3/rooms/{parlour}/invite", {"user_id": n.user}, a.token)
    await n.nio.join(parlour)
    call(BASE, "PUT", f"/_matrix/client/v3/rooms/{parlour}/send/dev.heirloom.hand_over/1",
         {**field, "room_id": garden}, n.token)
    latecomer.write("new.pass", "a delivered passphrase\n")
    _, talk = latecomer.run(
        "accept", "--room", garden, "--through", parlour, "--deliver", "late.keys",
        "--deliver-passphrase-file", "new.pass")
    await late.nio.import_keys(latecomer.path("late.keys"), "a delivered passphrase")
    bodies, closed = await late.read(garden)
    check(sorted(bodies) == sorted(said) and closed == 0, "reads everything too")
    alice.run("attach", late.user, "--room", garden, *share, "-o", "late.heirloom")
    check(os.path.getsize(alice.path("late.heirloom")) > 1000, "or as a file to pass on")

    print("A bot, with the library alone")
    if os.path.exists(BOT):
        yard = await a.make_room("shared", [b])
        await a.say(yard, "from the yard")
        await a.export(os.path.join(FOLDER, "yard.keys"), "alice's export")
        bot = subprocess.run(
            [BOT, yard, n.user, os.path.join(FOLDER, "yard.keys"), alice.path("export.pass")],
            env={"HEIRLOOM_HOME": alice.path("data")}, capture_output=True, text=True)
        check(bot.returncode == 0 and "handed over: 1" in bot.stderr, "invites with the past",
              bot.stderr)
        newton.run("accept", "--room", yard, "--deliver", "yard.keys",
                   "--deliver-passphrase-file", "new.pass")
        bot = subprocess.run(
            [BOT, council, late.user, keys, alice.path("export.pass")],
            env={"HEIRLOOM_HOME": alice.path("data")}, capture_output=True, text=True)
        check("without keys: refused-by-rules" in bot.stderr, "or without, and says why",
              bot.stderr)
    else:
        print("  SKIPPED: the example bot is not built")

    print("The backup")
    newton.run("backup", "pull", "-o", "pulled.keys", "--recovery-key-file", "recovery",
               "--deliver-passphrase-file", "new.pass")
    pulled = key_export.decrypt_and_read(newton.path("pulled.keys"), "a delivered passphrase")
    check(len(json.loads(pulled)) == sessions, "pull gives what accept pushed")
    session = json.loads(pulled)[0]["session_id"]
    output, _ = newton.run(
        "backup", "pull", "-o", "one.keys", "--room", garden, "--session", session, "--json",
        "--recovery-key-file", "recovery", "--deliver-passphrase-file", "new.pass")
    check(json.loads(output)["file"]["keys"] == 1, "a single session is pulled")
    newton.run("history", "fetch", "--room", garden, "-o", "past.jsonl")
    output, _ = newton.run(
        "backup", "push", "--room", garden, "--keys", "delivered.keys", "--keys-passphrase-file",
        "new.pass", "--recovery-key-file", "recovery", "--history", "past.jsonl", "--json")
    report = json.loads(output)
    check(report["proven"] == report["same"] == sessions, "with history, keys are proven first")
    _, talk = newton.run("backup", "pull", "-o", "other.keys", "--recovery-key-file", "new.pass",
                         "--deliver-passphrase-file", "new.pass", expect=3)
    _, talk = newton.run("backup", "push", "--room", garden, "--keys", "delivered.keys",
                         "--keys-passphrase-file", "new.pass", "--recovery-key-file", "recovery")
    check(f"{sessions} same" in talk, "pushing again changes nothing", talk)
    make_backup(n.token)
    newton.run("backup", "push", "--room", garden, "--keys", "delivered.keys",
               "--keys-passphrase-file", "new.pass", "--recovery-key-file", "recovery", expect=3)
    check(True, "a replaced backup is not written to with the old key")

    print("A master key that changed")
    cross_sign(n)
    stranger_keys = os.path.join(FOLDER, "bob.keys")
    await b.export(stranger_keys, "bob's export")
    stranger.write("export.pass", "bob's export\n")
    _, talk = stranger.run(
        "attach", n.user, "--room", garden, "--keys", stranger_keys, "--keys-passphrase-file",
        "export.pass", "-o", "newton.heirloom", "--yes", expect=3)
    check("master key" in talk and not os.path.exists(stranger.path("newton.heirloom")),
          "stops everything", talk)

    print("History")
    output, _ = newton.run("history", "fetch", "--room", garden, "-o", "garden.jsonl", "--json")
    whole = open(newton.path("garden.jsonl")).read()
    check(json.loads(output)["hasBeginning"], "the whole past is fetched")
    newton.run("history", "fetch", "--room", garden, "-o", "garden.jsonl", expect=1)
    check(open(newton.path("garden.jsonl")).read() == whole, "never over a file that is there")
    newton.run("history", "fetch", "--room", "!nowhere:heirloom.test", "-o", "no.jsonl", expect=1)
    check(not os.path.exists(newton.path("no.jsonl.part")), "a refused fetch leaves nothing")

    print("A certificate that nobody vouches for")
    port, asked = untrusted_server()
    newton.write("any", "syt_any\n")
    _, talk = newton.run("login", "--homeserver", f"https://localhost:{port}",
                         "--access-token-file", "any", expect=1)
    check(not asked and "trusts" in talk, "gets no request at all", talk)

    print("Wrong tokens")
    newton.write("token", "syt_nobody\n")
    newton.run("login", "--homeserver", BASE, "--access-token-file", "token", expect=3)
    call(BASE, "POST", "/_matrix/client/v3/logout/all", {}, login_token(newton))
    newton.run("history", "fetch", "--room", garden, "-o", "later.jsonl", expect=3)
    newton.run("logout")
    newton.run("logout", expect=1)
    devices = call(BASE, "GET", "/_matrix/client/v3/devices", token=a.token)["devices"]
    alice.run("logout")
    after = call(BASE, "GET", "/_matrix/client/v3/devices", token=a.token)["devices"]
    check(len(after) == len(devices) - 1, "logout takes away the device that login made")
    latecomer.run("logout")
    latecomer.write("token", late.token + "\n")
    latecomer.run("login", "--homeserver", BASE, "--access-token-file", "token")
    latecomer.run("logout")
    who = call(BASE, "GET", "/_matrix/client/v3/account/whoami", token=late.token)
    check(who["user_id"] == late.user, "a token that was brought stays valid")

    for client in clients.values():
        await client.stop()
    print(f"{checks} checks on a real homeserver")


def untrusted_server():
    """A TLS server with a certificate of its own making: (port, requests so far)."""
    import datetime
    import http.server
    import ssl
    import threading
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    today = datetime.datetime.now(datetime.timezone.utc)
    day = datetime.timedelta(days=1)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name)
        .public_key(key.public_key()).serial_number(1)
        .not_valid_before(today - day).not_valid_after(today + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .sign(key, hashes.SHA256()))
    path = os.path.join(FOLDER, "untrusted.pem")
    with open(path, "wb") as file:
        file.write(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        file.write(certificate.public_bytes(serialization.Encoding.PEM))
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_port, asked


def login_token(person):
    folder = person.path("data/logins")
    text = open(os.path.join(folder, os.listdir(folder)[0])).read()
    return [line[6:] for line in text.splitlines() if line.startswith("token ")][0]


asyncio.run(main())
