"""What the ledger refuses: fields and texts by which somebody could be found.

A check of the obvious only. It cannot tell a name in a sentence, so whoever codes a report leaves
people out: "a trader, Hyesan", never more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnok.errors import Fault

WHY = "the ledger holds no persons and no crossing points: leave it out, say `a trader` instead"
_WORDS = frozenset(
    (
        *("name", "surname", "firstname", "lastname", "fullname", "nickname", "alias", "person"),
        *("persons", "people", "suspect", "victim", "witness", "informant", "informer", "smuggler"),
        *("trader", "broker", "defector", "phone", "telephone", "mobile", "cell", "email", "mail"),
        *("address", "street", "passport", "identity", "ssn", "birth", "birthday", "birthdate"),
        *("dob", "born", "age", "sex", "gender", "photo", "face", "biometric", "fingerprint"),
        *("lat", "lon", "lng", "latitude", "longitude", "coordinates", "gps", "kakao", "wechat"),
    )
)
# Repetitions have an end, so that a long text takes no longer than its length.
_IN_TEXT = {
    "an e-mail address": re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.[a-z]{2,}", re.IGNORECASE),
    "a phone number": re.compile(
        r"\+\d[\d ()-]{7,}\d"
        r"|(?<![\d.,-])0\d{1,3}[ -]\d{3,4}[ -]\d{4}(?![\d-])"  # as in Seoul
        r"|(?<![\d.,-])1[3-9]\d([ -]?)\d{4}\1(?!\d000)\d{4}(?![\d-])"  # a mobile phone in China
    ),
    "a point on a map": re.compile(
        r"-?\d{1,2}\.\d{3,}\s{0,3}[°NSns]?\s{0,3}[,;]\s{0,3}-?\d{1,3}\.\d{3,}"
        r"|\d{1,2}\s?°\s?\d{1,2}[^\d]{1,20}(\d{1,2}[^\d]{1,20})?\d{1,3}\s?°\s?\d{1,2}"
    ),
}


def is_personal(key: str) -> bool:
    """Whether a field's name says that somebody stands in it.

    >>> is_personal("witness_phone"), is_personal("Name"), is_personal("publisher")
    (True, True, False)
    """
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", key).lower())
    return not _WORDS.isdisjoint(words)


def in_text(text: str, path: str) -> Iterator[Fault]:
    """What in a text leads to a person or a point."""
    for what, pattern in _IN_TEXT.items():
        if pattern.search(text):
            yield Fault(f"holds {what}", WHY, path=path)
