"""What the group robots of 企业微信, 钉钉 and 飞书 take and answer: addresses, signatures and bodies in JSON.

Each function takes a webhook's address, a text and the robot's secret, and returns a `Post`; `find_refusal` reads the
answer. Nothing is sent here. The shapes are those of the vendors' documentation of custom robots (自定义机器人).
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Post:
    """Where to send what: a POST with this body, as application/json."""

    url: str
    body: bytes


def post_to_wecom(url: str, text: str, secret: str = "", moment: float = 0) -> Post:
    """企业微信: the key is in the address, and there is no signature."""
    return _post(url, {"msgtype": "text", "text": {"content": text}})


def post_to_dingtalk(url: str, text: str, secret: str, moment: float) -> Post:
    """钉钉: milliseconds and signature join the address; the secret is the key, and it is signed too."""
    if secret:
        timestamp = str(round(moment * 1000))
        signature = _sign(key=secret, content=f"{timestamp}\n{secret}")
        url = f"{url}{'&' if '?' in url else '?'}{urlencode({'timestamp': timestamp, 'sign': signature})}"
    return _post(url, {"msgtype": "text", "text": {"content": text}})


def post_to_feishu(url: str, text: str, secret: str, moment: float) -> Post:
    """飞书: seconds and signature join the body; seconds and secret are the key, and nothing is signed with it."""
    body: dict[str, object] = {"msg_type": "text", "content": {"text": text}}
    if secret:
        timestamp = str(int(moment))
        body = {"timestamp": timestamp, "sign": _sign(key=f"{timestamp}\n{secret}", content=""), **body}
    return _post(url, body)


def find_refusal(answer: bytes) -> str | None:
    """Why a robot refused, from its answer, because it refuses with HTTP 200; None if it took the message."""
    try:
        answered = json.loads(answer)
        code = answered.get("errcode", answered.get("code", answered.get("StatusCode")))
    except (ValueError, AttributeError):
        return "no robot answers there"
    if code == 0:
        return None
    return f"code {code}: {str(answered.get('errmsg', answered.get('msg', '')))[:80]}"


def _sign(*, key: str, content: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), content.encode(), hashlib.sha256).digest()).decode()


def _post(url: str, content: dict[str, object]) -> Post:
    return Post(url, json.dumps(content, ensure_ascii=False).encode())
