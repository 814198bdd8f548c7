"""Tests that alerts reach a file, a mail server and the three robots in their shapes, and that no secret is told.

The shapes are those of the vendors' documentation of custom robots; the signatures were computed by openssl. The
servers run on this machine.
"""

from __future__ import annotations

import base64

import pytest

from dagster_project.alerts.channels import NotDelivered, read_channels
from dagster_project.alerts.robots import find_refusal, post_to_dingtalk, post_to_feishu
from dagster_project.alerts.wording import Message
from tests.alerts.servers import mail_server, robot

MESSAGE = Message("【通报·样例县】没有发布", "【通报·样例县】没有发布\n处理：…")
SECRET, MOMENT = "this is secret", 1599360473.0
# printf '1599360473000\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
DINGTALK_SIGN = "hXZTWifRGHclNuZSKxoXc//sh51SWfVfRIhcdeKs63I="
# printf '' | openssl dgst -sha256 -hmac "$(printf '1599360473\nthis is secret')" -binary | base64
FEISHU_SIGN = "/eYKrXQBzTjUZJ3s6NX16VxGbTwmK7AEs8/FnvC1CSw="


def send(**environment: str) -> None:
    (channel,) = read_channels({f"TONGBAO_ALERT_{name}": value for name, value in environment.items()})
    channel.send(MESSAGE)


@pytest.mark.parametrize("name", ["WECOM", "DINGTALK", "FEISHU"])
def test_a_robot_takes_its_own_shape(name):
    with robot() as kept:
        send(**{name: kept.url})
    ((path, body, kind),) = kept.arrived
    text = MESSAGE.text
    shape = {"msg_type": "text", "content": {"text": text}} if name == "FEISHU" else None
    assert body == (shape or {"msgtype": "text", "text": {"content": text}})
    assert path == "/robot/send?access_token=planted-token" and kind.startswith("application/json")


def test_dingtalk_has_its_signature_in_the_address():
    post = post_to_dingtalk("https://oapi.example/robot/send?access_token=a", "文", SECRET, MOMENT)
    assert post.url == (
        "https://oapi.example/robot/send?access_token=a&timestamp=1599360473000&sign="
        + DINGTALK_SIGN.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    )


def test_feishu_has_its_signature_in_the_body():
    with robot() as kept:
        send(FEISHU=kept.url, FEISHU_SECRET=SECRET)
    ((path, body, _),) = kept.arrived
    assert {*body} == {"timestamp", "sign", "msg_type", "content"} and "sign" not in path
    post = post_to_feishu("https://open.example/hook/x", "文", SECRET, MOMENT)
    assert f'"timestamp": "1599360473", "sign": "{FEISHU_SIGN}"' in post.body.decode()
    assert post.url == "https://open.example/hook/x"


def test_a_mail_has_title_and_text_and_is_sent_as_the_user():
    with mail_server() as (port, mails):
        send(MAIL=f"smtp://office:p%40ss@127.0.0.1:{port}?from=t@example.org&to=a@example.org,b@example.org")
    (mail,) = mails
    assert (mail["Subject"], mail["To"]) == (MESSAGE.title, "a@example.org, b@example.org")
    assert mail.get_content().strip().replace("\r\n", "\n") == MESSAGE.text
    assert base64.b64decode(mail["X-Login"].split()[-1]) == b"\0office\0p@ss"


def test_a_file_gathers_messages(tmp_path):
    for _ in range(2):
        send(FILE=str(tmp_path / "alerts.txt"))
    assert (tmp_path / "alerts.txt").read_text(encoding="utf-8").count(MESSAGE.text) == 2


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, {"errcode": 310000, "errmsg": "sign not match"}), "dingtalk: code 310000: sign not match"),
        ((200, {"code": 19021, "msg": "sign match fail"}), "dingtalk: code 19021: sign match fail"),
        ((500, {}), "dingtalk: it answered HTTP 500"),
        ((302, {}), "dingtalk: it answered HTTP 302"),
        ((200, []), "dingtalk: no robot answers there"),
    ],
)
def test_a_refusal_is_said_without_address_and_secret(answer, said):
    with robot() as kept:
        kept.answers.append(answer)
        with pytest.raises(NotDelivered) as refused:
            send(DINGTALK=kept.url, DINGTALK_SECRET="planted-secret")
    assert str(refused.value) == said
    assert len(kept.arrived) == 1


@pytest.mark.parametrize(
    "environment",
    [
        {"WECOM": "http://127.0.0.1:1/planted"},
        {"WECOM": "file:///etc/planted"},
        {"WECOM": "http://[planted"},
        {"MAIL": "smtp://planted:planted@127.0.0.1:1?from=a@b.c&to=d@e.f"},
        {"MAIL": "planted"},
        {"FILE": "/nowhere/planted"},
    ],
)
def test_what_leads_nowhere_is_said_without_address_and_secret(environment):
    with pytest.raises(NotDelivered) as failed:
        send(**environment)
    assert "planted" not in str(failed.value)


def test_an_answer_is_read_as_each_vendor_gives_it():
    assert find_refusal(b'{"errcode": 0, "errmsg": "ok"}') is None
    assert find_refusal(b'{"code": 0, "msg": "success", "data": {}}') is None
    assert find_refusal(b'{"StatusCode": 0, "StatusMessage": "success"}') is None
    assert find_refusal(b"<html>") == "no robot answers there"


def test_nothing_set_is_no_channel():
    assert read_channels({}) == []
