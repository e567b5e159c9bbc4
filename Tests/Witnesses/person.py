"""Somebody with a home of their own, who runs the built command."""

import json
import os
import subprocess
import sys

DELIVERED = "a delivered passphrase"

checks = 0


def check(holds, what):
    """One line a check; the first that does not hold ends everything."""
    global checks
    if not holds:
        sys.exit(f"FAILED: {what}")
    checks += 1
    print(f"ok  {what}", flush=True)


class Person:
    def __init__(self, heirloom, folder, name):
        self.heirloom, self.folder, self.name = heirloom, folder, name
        self.home = folder / f"home-{name}"
        self.run("identity", "new", "--no-passphrase")
        self.identity = self.run("identity", "show").stdout.decode().strip()

    def run(self, *arguments, status=0):
        environment = {**os.environ, "HEIRLOOM_HOME": str(self.home)}
        result = subprocess.run(
            [self.heirloom, *map(str, arguments)], env=environment, cwd=self.folder,
            stdin=subprocess.DEVNULL, capture_output=True, start_new_session=True)
        statuses = status if isinstance(status, tuple) else (status,)
        if result.returncode not in statuses:
            sys.stderr.write(result.stderr.decode())
            sys.exit(f"FAILED: {arguments[0]}: exit code {result.returncode}, expected {status}")
        return result

    def share(self, keys, passwords, room, to, out, *more, status=0):
        files = [self.secret(password) for password in passwords]
        options = [word for file in files for word in ("--keys-passphrase-file", file)]
        return json.loads(self.run(
            "share", "--json", "--yes", "--keys", *keys, *options, "--room", room, "--to", *to,
            "-o", out, *more, status=status).stdout)

    def receive(self, sealed, sender, room, out, *more, status=0):
        return json.loads(self.run(
            "receive", "--json", sealed, "--from", sender, "--room", room, "--deliver", out,
            "--deliver-passphrase-file", self.secret(DELIVERED), *more, status=status).stdout)

    def secret(self, text):
        path = self.folder / f"{abs(hash(text))}.pass"
        path.write_text(text + "\n", encoding="utf-8")
        return path


def pin(one, other, *more):
    one.run("contact", "add", other.name, other.identity, *more)


def sessions_of(report, *verdicts):
    return sorted(s["sessionID"] for s in report["sessions"] if s["verdict"] in verdicts)
