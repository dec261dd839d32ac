"""A real Chromium, driven through its debugging pipe: no driver program, no package.

Chromium reads commands from file descriptor 3 and answers on 4, JSON with a zero byte after
each message (the DevTools protocol).
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
PATIENCE = 60.0
"""Seconds to wait for an answer, on a busy machine."""


def find_chromium() -> str | None:
    """Where a browser is: GRIDGOV_CHROMIUM, else the first that is on PATH."""
    asked = os.environ.get("GRIDGOV_CHROMIUM")
    return asked or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """A headless browser with one page, which notes what it asks for and complains of."""

    def __init__(self, program: str) -> None:
        self.profile = tempfile.mkdtemp(prefix="gridgov-chromium-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        switches = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", "--disable-background-networking", "--disable-sync",
            "--force-device-scale-factor=1", "--hide-scrollbars", "--remote-debugging-pipe",
            f"--user-data-dir={self.profile}", "about:blank",
        ]  # fmt: skip
        ends = [
            fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (to_browser, from_browser)
        ]
        self._process = subprocess.Popen(
            [program, *switches],
            close_fds=False,  # what Python opens is closed anyway, and 3 and 4 must stay
            preexec_fn=lambda: (os.dup2(ends[0], 3), os.dup2(ends[1], 4)),  # noqa: PLW1509
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for end in ends:
            os.close(end)
        os.close(to_browser)
        os.close(from_browser)
        self._rest = b""
        self._number = 0
        self._session = None
        self.events: list[dict] = []
        pages = self.call("Target.getTargets")["targetInfos"]
        page = next(each for each in pages if each["type"] == "page")
        attached = self.call("Target.attachToTarget", targetId=page["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters) -> dict:
        """Send a command and wait for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def open(self, path: Path) -> None:
        """Open a file and wait until it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait_for("Page.loadEventFired")
        self.evaluate("document.fonts.ready.then(() => true)")

    def wait_for(self, event: str) -> None:
        """Wait until something has happened."""
        while not any(each.get("method") == event for each in self.events):
            self.events.append(self._next())

    def evaluate(self, code: str):
        """The value of a script."""
        found = self.call(
            "Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", code))
        return found["result"].get("value")

    def press(self, key: str, code: int) -> None:
        """Press and release a key."""
        for kind in ("rawKeyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key,
                windowsVirtualKeyCode=code,
            )  # fmt: skip

    def resize(self, width: int, height: int, *, mobile: bool = False) -> None:
        """Give the window another size."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height,
            deviceScaleFactor=1, mobile=mobile,
        )  # fmt: skip

    def picture(self, *, whole: bool = True) -> bytes:
        """What it looks like, as PNG."""
        found = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        return base64.b64decode(found["data"])

    def pdf(self) -> bytes:
        """The page as printed."""
        found = self.call(
            "Page.printToPDF", preferCSSPageSize=True, printBackground=True,
            generateTaggedPDF=True,
        )  # fmt: skip
        return base64.b64decode(found["data"])

    def requests(self) -> list[str]:
        """Addresses that were asked for since the page was opened."""
        return [
            each["params"]["request"]["url"]
            for each in self.events
            if each.get("method") == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """Errors and warnings of the console, refusals of the content policy included."""
        found = []
        for each in self.events:
            params = each.get("params", {})
            if each.get("method") == "Runtime.exceptionThrown":
                found.append(json.dumps(params["exceptionDetails"]))
            elif each.get("method") == "Runtime.consoleAPICalled":
                found.append(json.dumps(params["args"]))
            elif each.get("method") == "Log.entryAdded":
                found.append(params["entry"]["text"])
        return found

    def close(self) -> None:
        """End the browser and take its profile away."""
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError, TimeoutError, EOFError):
            self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _next(self) -> dict:
        until = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._in], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                raise TimeoutError(f"the browser said nothing for {PATIENCE:g} s")
            part = os.read(self._in, 1 << 16)
            if not part:
                raise EOFError("the browser went away")
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)
