"""People with accounts on a test homeserver and a real client library (matrix-nio)."""
import asyncio
import hashlib
import hmac
import json
import os
import urllib.request

from nio import (
    AsyncClient, AsyncClientConfig, MegolmEvent, RoomMessageText, RoomMessagesResponse,
)

SECRET = "not-a-secret"


def call(base, method, path, body=None, token=None):
    """One plain request; the answer as JSON."""
    request = urllib.request.Request(base + path, method=method)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(request, data) as answer:
        return json.loads(answer.read())


def register(base, name, password):
    nonce = call(base, "GET", "/_synapse/admin/v1/register")["nonce"]
    mac = hmac.new(
        SECRET.encode(), "\0".join([nonce, name, password, "notadmin"]).encode(), hashlib.sha1
    ).hexdigest()
    call(base, "POST", "/_synapse/admin/v1/register", {
        "nonce": nonce, "username": name, "password": password, "admin": False, "mac": mac,
        "inhibit_login": True})


class Client:
    """One device of a person."""

    def __init__(self, base, name, folder):
        self.base, self.name, self.folder = base, name, folder
        self.user = f"@{name}:heirloom.test"
        self.password = f"{name}'s password"

    async def start(self, device):
        store = os.path.join(self.folder, f"{self.name}-{device}")
        os.makedirs(store, exist_ok=True)
        self.nio = AsyncClient(
            self.base, self.user, store_path=store,
            config=AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True))
        answer = await self.nio.login(self.password, device_name=device)
        assert answer.__class__.__name__ == "LoginResponse", answer
        await self.nio.keys_upload() if self.nio.should_upload_keys else None
        await self.sync()
        return self

    async def sync(self):
        await self.nio.sync(timeout=0, full_state=True)
        if self.nio.should_upload_keys:
            await self.nio.keys_upload()
        if self.nio.should_query_keys:
            await self.nio.keys_query()

    @property
    def token(self):
        return self.nio.access_token

    async def make_room(self, visibility, members):
        path = "/_matrix/client/v3/createRoom"
        room = call(self.base, "POST", path, {
            "preset": "private_chat", "name": "a test room",
            "initial_state": [
                {"type": "m.room.encryption", "state_key": "",
                 "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
                {"type": "m.room.history_visibility", "state_key": "",
                 "content": {"history_visibility": visibility}}],
            "invite": [m.user for m in members]}, self.token)["room_id"]
        for member in members:
            await member.nio.join(room)
            await member.sync()
        await self.sync()
        return room

    async def say(self, room, text):
        await self.sync()
        answer = await self.nio.room_send(
            room, "m.room.message", {"msgtype": "m.text", "body": text},
            ignore_unverified_devices=True)
        assert hasattr(answer, "event_id"), answer
        return answer.event_id

    async def rotate(self, room):
        """The next message begins a new session."""
        self.nio.invalidate_outbound_session(room)

    async def export(self, path, passphrase):
        await self.sync()
        await self.nio.export_keys(path, passphrase)

    async def read(self, room):
        """(bodies that open, how many stay closed) of all the room's messages."""
        await self.sync()
        bodies, closed, start = [], 0, None
        while True:
            answer = await self.nio.room_messages(room, start=start, limit=100)
            assert isinstance(answer, RoomMessagesResponse), answer
            for event in answer.chunk:
                if isinstance(event, MegolmEvent):
                    closed += 1
                elif isinstance(event, RoomMessageText):
                    bodies.append(event.body)
            if not answer.end:
                return bodies, closed
            start = answer.end

    async def stop(self):
        await self.nio.close()
