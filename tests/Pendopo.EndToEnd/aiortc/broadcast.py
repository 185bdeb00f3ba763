"""A WHIP publisher and WHEP viewers by aiortc, a WebRTC stack that has nothing in common with ours.

    broadcast.py publish URL TOKEN             publishes until its standard input closes, then deletes the resource
    broadcast.py view URL TOKEN VIEWERS SECONDS  watches, then prints one JSON line per viewer and deletes its resource

The first line on standard output is "ready" once every connection stands.
"""

import asyncio
import fractions
import json
import math
import sys
import urllib.request
from urllib.parse import urljoin

import av
import numpy
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription

FRAME_RATE = 15
SAMPLE_RATE = 48000
SAMPLES = 960
TIMEOUT = 20


class Pattern(MediaStreamTrack):
    """A bar that moves, small: it is the path that is under test and not the encoder."""

    kind = "video"

    def __init__(self):
        super().__init__()
        self.count = 0
        self.start = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.start = self.start or loop.time()
        await asyncio.sleep(max(0, self.start + self.count / FRAME_RATE - loop.time()))
        pixels = numpy.full((240, 320, 3), 40, numpy.uint8)
        left = self.count * 4 % 280
        pixels[:, left:left + 40] = (230, 180, 60)
        frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
        frame.pts = self.count * (90000 // FRAME_RATE)
        frame.time_base = fractions.Fraction(1, 90000)
        self.count += 1
        return frame


class Tone(MediaStreamTrack):
    kind = "audio"

    def __init__(self):
        super().__init__()
        self.count = 0
        self.start = None

    async def recv(self):
        loop = asyncio.get_running_loop()
        self.start = self.start or loop.time()
        await asyncio.sleep(max(0, self.start + self.count * SAMPLES / SAMPLE_RATE - loop.time()))
        time = (numpy.arange(SAMPLES) + self.count * SAMPLES) / SAMPLE_RATE
        samples = (numpy.sin(2 * math.pi * 440 * time) * 8000).astype(numpy.int16).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.pts = self.count * SAMPLES
        frame.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self.count += 1
        return frame


def ask(method, url, token, body=None):
    """One HTTP request; returns status, headers and text."""
    request = urllib.request.Request(url, data=body.encode() if body else None, method=method)
    request.add_header("Authorization", f"Bearer {token}")
    if body:
        request.add_header("Content-Type", "application/sdp")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return answer.status, answer.headers, answer.read().decode()


async def negotiate(connection, url, token):
    """Offers, posts, applies the answer; returns the resource's address once the connection stands."""
    await connection.setLocalDescription(await connection.createOffer())
    loop = asyncio.get_running_loop()
    status, headers, answer = await loop.run_in_executor(None, ask, "POST", url, token, connection.localDescription.sdp)
    assert status == 201, f"expected 201, got {status}"
    assert headers["Content-Type"].startswith("application/sdp"), headers["Content-Type"]
    await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    deadline = loop.time() + TIMEOUT
    while connection.connectionState != "connected":
        assert loop.time() < deadline, f"the connection is {connection.connectionState}"
        await asyncio.sleep(0.02)
    return urljoin(url, headers["Location"])


def connection_without_servers():
    # No STUN server of anybody: aiortc would ask one by default.
    return RTCPeerConnection(RTCConfiguration(iceServers=[]))


async def publish(url, token):
    connection = connection_without_servers()
    connection.addTrack(Tone())
    connection.addTrack(Pattern())
    resource = await negotiate(connection, url, token)
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    status, _, _ = await loop.run_in_executor(None, ask, "DELETE", resource, token)
    print(json.dumps({"deleted": status}), flush=True)
    await connection.close()


class Viewer:
    def __init__(self):
        self.video = 0
        self.loudness = 0.0
        self.connection = connection_without_servers()
        self.connection.addTransceiver("audio", direction="recvonly")
        self.connection.addTransceiver("video", direction="recvonly")
        self.tasks = []
        self.connection.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self.watch(track))))
        self.resource = None

    async def watch(self, track):
        while True:
            frame = await track.recv()
            if track.kind == "video":
                self.video += 1
            else:
                self.loudness = max(self.loudness, float(numpy.abs(frame.to_ndarray()).max()))

    async def close(self, token):
        for task in self.tasks:
            task.cancel()
        loop = asyncio.get_running_loop()
        status, _, _ = await loop.run_in_executor(None, ask, "DELETE", self.resource, token)
        await self.connection.close()
        return {"frames": self.video, "loudness": self.loudness, "deleted": status}


async def view(url, token, viewers, seconds):
    all_viewers = [Viewer() for _ in range(viewers)]
    for viewer in all_viewers:
        viewer.resource = await negotiate(viewer.connection, url, token)
    print("ready", flush=True)
    await asyncio.sleep(seconds)
    for viewer in all_viewers:
        print(json.dumps(await viewer.close(token)), flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "publish":
        asyncio.run(publish(sys.argv[2], sys.argv[3]))
    else:
        asyncio.run(view(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5])))
