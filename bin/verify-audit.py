#!/usr/bin/env python3
"""Verifies an export of Countersign's audit log, as docs/evidence.md describes it.

    python3 bin/verify-audit.py FILE [--checkpoint FILE_OR_TEXT] [--key KEY] [--json]

It shares nothing with the verifier of `countersign audit verify`: another language, written from the document. It needs Python's
standard library and, for the Ed25519 signatures, the program `openssl`, version 3 or newer. Ends with 0 where the export is good, 1
where it is not, and 2 where it could not be looked at.
"""

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

ZEROS = bytes(32)
HEX = re.compile(r"[0-9a-f]{64}\Z")
KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})\Z")
SIGNATURE = re.compile(r"\u2014 ([^\s+]+) ([A-Za-z0-9+/=]+)\Z")
NOTE = re.compile(
    r"^[^\n]+\n[0-9]{1,15}\n[A-Za-z0-9+/]{43}=\n\n(?:\u2014 [^\s+]+ [A-Za-z0-9+/=]+(?:\n|\Z))+", re.MULTILINE
)


class Bad(Exception):
    """The first thing that is wrong: what, in which line, about which event."""

    def __init__(self, what, line=None, event_id=None, approval_id=None):
        super().__init__(what)
        self.found = {"ok": False, "line": line, "event_id": event_id, "approval_id": approval_id, "what": what}


class CannotLook(Exception):
    """Nothing is known about the export: a file or a program is missing."""


def sha256(data):
    return hashlib.sha256(data).digest()


# --- the tree of RFC 6962 ------------------------------------------------------------------------------------------------


def node(left, right):
    return sha256(b"\x01" + left + right)


def powers(size):
    """The powers of two that a size is made of, the largest first."""
    return [1 << bit for bit in range(size.bit_length() - 1, -1, -1) if size >> bit & 1]


class Tree:
    """Only the largest whole subtrees are kept, each as its size and its hash."""

    def __init__(self, size, hashes):
        self.size = size
        self.whole = list(zip(powers(size), hashes))

    def add(self, leaf):
        size, hashed = 1, leaf
        while self.whole and self.whole[-1][0] == size:
            hashed = node(self.whole.pop()[1], hashed)
            size *= 2
        self.whole.append((size, hashed))
        self.size += 1

    def root(self):
        if not self.whole:
            return sha256(b"")
        hashed = self.whole[-1][1]
        for _, left in reversed(self.whole[:-1]):
            hashed = node(left, hashed)
        return hashed


def consistent(old_size, old_root, new_size, new_root, proof):
    """RFC 6962, 2.1.2, turned round: rebuilds both roots from the proof, by the recursion that made it."""
    if old_size == 0:
        return not proof
    left = list(proof)

    def rebuild(old, new, known):
        """The roots of the old part and of the new one; `known` says that the old part is a whole tree whose root we have."""
        if old == new:
            hashed = old_root if known else left.pop(0)
            return hashed, hashed
        split = 1 << (new - 1).bit_length() - 1
        if old <= split:
            old_part, new_left = rebuild(old, split, known)
            return old_part, node(new_left, left.pop(0))
        old_right, new_right = rebuild(old - split, new - split, False)
        shared = left.pop(0)
        return node(shared, old_right), node(shared, new_right)

    try:
        roots = rebuild(old_size, new_size, True)
    except IndexError:
        return False
    return not left and roots == (old_root, new_root)


# --- signed notes --------------------------------------------------------------------------------------------------------


class Key:
    """A verifier key of a signed note: NAME+ID+KEY."""

    def __init__(self, name, public):
        self.name, self.public = name, public
        self.id = sha256(name.encode() + b"\n\x01" + public)[:4]

    @staticmethod
    def read(text):
        found = KEY.match(text.strip()) if isinstance(text, str) else None
        if not found:
            return None
        data = base64.b64decode(found.group(3))
        if len(data) != 33 or data[0] != 1:
            return None
        key = Key(found.group(1), data[1:])
        return key if key.id.hex() == found.group(2) else None


class Note:
    """A checkpoint in a signed note."""

    def __init__(self, text, origin, size, root, signatures):
        self.text, self.origin, self.size, self.root, self.signatures = text, origin, size, root, signatures

    @staticmethod
    def read(note):
        if not isinstance(note, str) or "\n\n" not in note:
            return None
        body, _, rest = note.partition("\n\n")
        lines = body.split("\n")
        if len(lines) < 3 or not lines[0] or not re.fullmatch(r"0|[1-9][0-9]{0,14}", lines[1]):
            return None
        root = decoded(lines[2])
        signatures = [SIGNATURE.match(line) for line in rest.split("\n") if line]
        if root is None or len(root) != 32 or not signatures or None in signatures:
            return None
        return Note(
            body + "\n",
            lines[0],
            int(lines[1]),
            root,
            [(found.group(1), decoded(found.group(2)) or b"") for found in signatures],
        )

    def signed_by(self, key):
        return any(
            name == key.name and len(data) == 68 and data[:4] == key.id and ed25519(key.public, self.text, data[4:])
            for name, data in self.signatures
        )


def decoded(text):
    """Base 64 as it is written without any choice; None for all else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def ed25519(public, text, signature, known={}):
    """Asks OpenSSL, once for each signature."""
    asked = (public, text, signature)
    if asked not in known:
        der = bytes.fromhex("302a300506032b6570032100") + public
        pem = "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n" % base64.b64encode(der).decode()
        with tempfile.TemporaryDirectory() as folder:
            place = {name: os.path.join(folder, name) for name in ("key", "text", "signature")}
            for name, data in (("key", pem.encode()), ("text", text.encode()), ("signature", signature)):
                with open(place[name], "wb") as file:
                    file.write(data)
            command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", place["key"], "-rawin"]
            command += ["-in", place["text"], "-sigfile", place["signature"]]
            try:
                run = subprocess.run(command, capture_output=True, check=False, text=True)
            except FileNotFoundError:
                raise CannotLook("the program openssl is not there: install OpenSSL 3 or newer") from None
        said = run.stdout + run.stderr
        if "Signature Verified Successfully" not in said and "Signature Verification Failure" not in said:
            raise CannotLook("openssl did not verify a signature (OpenSSL 3 or newer is needed): " + said.strip())
        known[asked] = run.returncode == 0
    return known[asked]


class Trust:
    """Which keys may have signed."""

    def __init__(self, named, given):
        self.named, self.given = named, given
        self.trusted = [given] if given else named
        self.announced = []
        self.has_signed = False

    def judge(self, note, line):
        if any(note.signed_by(key) for key in self.trusted):
            self.has_signed = True
            if self.given:
                known = [key for leaf, key in self.announced if leaf < note.size]
                self.announced = self.announced[len(known) :]
                self.trusted = known[-1:] or self.trusted
            return
        named = any(note.signed_by(key) for key in self.named)
        if named and not self.has_signed:
            return
        why = "it is not signed by a key that is to be trusted" if named else "its signature is not good"
        raise Bad("the checkpoint of size %d is not to be trusted: %s" % (note.size, why), line)

    def announce(self, leaf, body):
        data = json.loads(body).get("data") or {}
        if data.get("purpose") != "checkpoint" or not isinstance(data.get("public"), str) or not self.trusted:
            return
        public = base64.urlsafe_b64decode(data["public"] + "=" * (-len(data["public"]) % 4))
        self.announced.append((leaf, Key(self.trusted[0].name, public)))


# --- the export ----------------------------------------------------------------------------------------------------------


def natural(value):
    return type(value) is int and value >= 0


def hashes(value):
    if not isinstance(value, list) or not all(isinstance(one, str) and HEX.match(one) for one in value):
        return None
    return [bytes.fromhex(one) for one in value]


class Export:
    def __init__(self, given, witnessed):
        self.given, self.witnessed = given, witnessed
        self.header = None
        self.ended = False
        self.ends = {}
        self.counts = {"events": 0, "checkpoints": 0, "unsealed": 0}
        self.newest = None
        self.uncovered = None
        self.since_witness = None
        self.met = []
        self.next_witness = 0

    def take(self, line, fields):
        kind = fields.get("kind")
        if self.header is None:
            return self.begin(line, fields)
        if self.ended:
            raise Bad("it comes after the line that ends the export", line)
        if kind == "event":
            self.event(line, fields)
        elif kind == "checkpoint":
            self.counts["checkpoints"] += 1
            self.cover(line, fields.get("note"))
        elif kind == "consistency":
            self.extend(line, fields)
        elif kind == "missing":
            raise self.bad("it was sealed into the log, and is gone from the database", line, fields)
        elif kind == "stray":
            raise self.bad("it is in the database and not in the log, though a later one is", line, fields)
        elif kind == "unsealed":
            self.counts["unsealed"] += 1
            self.follow(line, fields)
        elif kind == "end":
            self.end(line, fields)
        else:
            raise Bad("its kind %s is not known" % json.dumps(kind), line)

    def begin(self, line, fields):
        if fields.get("kind") != "header":
            raise Bad("the export does not begin with its header", line)
        if fields.get("countersign_audit_export") != 1:
            raise Bad("it is not an export of version 1", line)
        start, end, peaks = fields.get("from"), fields.get("to"), hashes(fields.get("peaks"))
        named = [Key.read(text) for text in fields.get("keys") or [] if isinstance(fields.get("keys"), list)]
        origin = fields.get("origin")
        good = isinstance(origin, str) and natural(start) and natural(end) and start <= end and None not in named
        if not good or not isinstance(fields.get("keys"), list) or peaks is None or len(peaks) != len(powers(start)):
            raise Bad("the header lacks what it must have", line)
        self.header = {"origin": origin, "from": start, "to": end}
        self.tree = Tree(start, peaks)
        for note in self.witnessed:
            if note.origin != origin:
                raise Bad("the witnessed checkpoint is of another log, %s" % note.origin, line)
            if not any(note.signed_by(key) for key in named + ([self.given] if self.given else [])):
                raise Bad("the witnessed checkpoint of size %d is signed by none of this log's keys" % note.size, line)
        self.trust = Trust(named, self.given)
        if start > 0:
            self.cover(line, fields.get("checkpoint"))
        self.witness(line, None)

    @staticmethod
    def bad(what, line, fields):
        event_id, approval_id = fields.get("id"), fields.get("approval_id")
        return Bad(
            what,
            line,
            event_id if natural(event_id) else None,
            approval_id if isinstance(approval_id, str) else None,
        )

    def event(self, line, fields):
        leaf = fields.get("leaf")
        if not natural(leaf):
            raise self.bad("the event lacks what it must have", line, fields)
        if leaf > self.tree.size:
            raise self.bad(
                "it is leaf %d of the log, and leaf %d before it is missing" % (leaf, self.tree.size), line, fields
            )
        if leaf < self.tree.size:
            raise self.bad("it is leaf %d of the log, where leaf %d must stand" % (leaf, self.tree.size), line, fields)
        if leaf >= self.header["to"]:
            raise self.bad("it is beyond the end of the export, %d" % self.header["to"], line, fields)
        body = self.follow(line, fields)
        text = "countersign event v1\n%d\n%s\n%d\n%s\n" % (
            fields["id"],
            "-" if fields["approval_id"] is None else fields["approval_id"],
            fields["seq"],
            fields["hash"],
        )
        hashed = sha256(b"\x00" + text.encode())
        if hashed.hex() != fields.get("leaf_hash"):
            raise self.bad("it is not the event that was sealed in this place: its leaf is another", line, fields)
        if fields["approval_id"] is None and body.get("type") == "key.rotated":
            self.trust.announce(leaf, fields["body"])
        self.tree.add(hashed)
        self.counts["events"] += 1
        self.uncovered = self.uncovered or (line, fields)
        self.since_witness = self.since_witness or (line, fields)
        self.witness(line, fields)

    def follow(self, line, fields):
        """The event must say which one it is, and its hash must be of its body and of the event before it."""
        event_id, chain, seq, hashed, text = (fields.get(name) for name in ("id", "approval_id", "seq", "hash", "body"))
        previous = fields.get("previous")
        if not (
            natural(event_id)
            and natural(seq)
            and (chain is None or isinstance(chain, str) and re.fullmatch(r"[A-Za-z0-9_]+", chain))
            and isinstance(hashed, str)
            and HEX.match(hashed)
            and isinstance(text, str)
            and (previous is None or isinstance(previous, str) and HEX.match(previous))
        ):
            raise self.bad("the event lacks what it must have", line, fields)
        try:
            body = json.loads(text)
        except ValueError:
            body = None
        own_seq = None if chain is None else seq
        if not isinstance(body, dict) or body.get("approval_id", 0) != chain or body.get("seq", 0) != own_seq:
            raise self.bad(
                "its body is that of another event: it names another approval or another place in it", line, fields
            )
        before = ZEROS
        if chain in self.ends:
            last, before = self.ends[chain]
            if seq != last + 1:
                raise self.bad("it is event %d of its chain, and comes after event %d" % (seq, last), line, fields)
            if previous is not None and bytes.fromhex(previous) != before:
                raise self.bad("it follows another event than the one before it in its chain", line, fields)
        elif seq != 1:
            if self.header["from"] == 0:
                raise self.bad(
                    "it is event %d of its chain, and those before it are missing" % seq, line, fields
                )
            if previous is None:
                raise self.bad(
                    "it is event %d of its chain, and the hash of the one before it is missing" % seq, line, fields
                )
            before = bytes.fromhex(previous)
        if sha256(b"\x02" + before + text.encode()).hex() != hashed:
            raise self.bad(
                "its hash is not that of its body and the event before it: one of them was changed", line, fields
            )
        self.ends[chain] = (seq, bytes.fromhex(hashed))
        return body

    def note(self, line, text):
        note = Note.read(text)
        if note is None:
            raise Bad("it is not a checkpoint in a signed note", line)
        if note.origin != self.header["origin"]:
            raise Bad("the checkpoint is of another log, %s" % note.origin, line)
        self.trust.judge(note, line)
        return note

    def cover(self, line, text):
        note = self.note(line, text)
        if note.size != self.tree.size:
            raise Bad("the checkpoint is of size %d and stands after %d events" % (note.size, self.tree.size), line)
        if note.root != self.tree.root():
            raise self.other_root(line, "the checkpoint of size %d" % note.size, self.uncovered)
        self.newest, self.uncovered = note, None

    def extend(self, line, fields):
        note, proof = self.note(line, fields.get("note")), hashes(fields.get("proof"))
        good = proof is not None and note.size > self.tree.size
        if not good or not consistent(self.tree.size, self.tree.root(), note.size, note.root, proof):
            raise Bad(
                "the newest checkpoint, of size %d, is not shown to be of a log that begins with these events" % note.size,
                line,
            )
        self.newest = note

    def other_root(self, line, which, since):
        if since is None:
            return Bad("%s has another root than these events" % which, line)
        return self.bad(
            "this event, or one after it up to line %d, is not the one that was sealed: %s has another root" % (line, which),
            *since,
        )

    def witness(self, line, fields):
        """Compares with what was witnessed of a log of just this size."""
        while self.next_witness < len(self.witnessed) and self.witnessed[self.next_witness].size <= self.tree.size:
            note = self.witnessed[self.next_witness]
            self.next_witness += 1
            if note.size < self.tree.size:
                continue
            if note.root != self.tree.root():
                raise self.other_root(line, "the witnessed checkpoint of size %d" % note.size, self.since_witness)
            self.met.append(note.size)
            self.since_witness = None

    def end(self, line, fields):
        self.ended = True
        start, end = self.header["from"], self.header["to"]
        if self.tree.size != end:
            raise Bad(
                "the export is of the log up to %d, and ends at %d: its last events are missing" % (end, self.tree.size), line
            )
        for what, count in self.counts.items():
            if fields.get(what) != count:
                raise Bad("it counts %s %s, and there are %d" % (json.dumps(fields.get(what)), what, count), line)
        if end > start and self.uncovered:
            raise Bad("no checkpoint covers the last events", line)

    def close(self, line):
        if self.header is None:
            raise Bad("the file is empty")
        if not self.ended:
            raise Bad("the file ends here, before the end of the export", line)
        if self.newest and self.given and not self.trust.has_signed:
            raise Bad("nothing in the file is signed by the key that was given")
        reach = self.newest.size if self.newest else 0
        for note in self.witnessed:
            if note.size > reach:
                raise Bad(
                    "a checkpoint of size %d was witnessed, and the log has %d events: its end was cut off" % (note.size, reach)
                )
            if note.size == reach and self.newest and note.size not in self.met:
                if note.root != self.newest.root:
                    raise Bad("the witnessed checkpoint of size %d is of other events than this log has" % note.size)
                self.met.append(note.size)
        if self.witnessed and not self.met:
            sizes = ", ".join(str(note.size) for note in self.witnessed[:5])
            raise Bad("the export reaches no witnessed checkpoint (of size %s): export more" % sizes)

    def found(self):
        return {
            "ok": True,
            **self.header,
            **self.counts,
            "approvals": len([chain for chain in self.ends if chain is not None]),
            "witnessed": self.met,
            "unreached": len(self.witnessed) - len(self.met),
            "checkpoint": self.newest.text if self.newest else None,
        }


def witnessed_in(argument):
    """Checkpoints in a text, or in the file of that name: as they are, or in base 64 as a callback's header has one."""
    text = argument
    if "\n" not in argument and os.path.exists(argument):
        with open(argument, encoding="utf-8") as file:
            text = file.read()
    text = re.sub(r"^[ \t]+|[ \t]+$", "", text.replace("\r\n", "\n"), flags=re.MULTILINE)
    texts = [text]
    for encoded in re.findall(r"[A-Za-z0-9+/]{100,}={0,2}", text):
        data = decoded(encoded)
        texts.append(data.decode("utf-8", "replace") if data else "")
    notes = [Note.read(found) for one in texts for found in NOTE.findall(one)]
    notes = sorted((note for note in notes if note), key=lambda note: note.size)
    if not notes:
        raise CannotLook("there is no checkpoint in what --checkpoint names: a file, or the text of one")
    return notes


def verify(path, given, witnessed):
    export = Export(given, witnessed)
    number = 0
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                fields = json.loads(line)
            except ValueError:
                fields = None
            if not isinstance(fields, dict):
                raise Bad("it is not a JSON object", number)
            export.take(number, fields)
    export.close(number)
    return export.found()


def main():
    parser = argparse.ArgumentParser(description="Verifies an export of Countersign's audit log.")
    parser.add_argument("file")
    parser.add_argument("--checkpoint", help="a checkpoint that was kept elsewhere: its text, or a file that holds it")
    parser.add_argument("--key", help="the log's key as it is known otherwise: NAME+ID+KEY")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    try:
        given = Key.read(asked.key) if asked.key else None
        if asked.key and not given:
            raise CannotLook("the key is one as an export's header has it: NAME+ID+KEY, Ed25519")
        found = verify(asked.file, given, witnessed_in(asked.checkpoint) if asked.checkpoint else [])
    except Bad as bad:
        found = bad.found
    except (CannotLook, OSError) as error:
        print(json.dumps({"error": str(error)}) if asked.json else str(error), file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps(found))
    elif found["ok"]:
        print(
            "Good: {events:,} events of {approvals:,} approvals, leaves {from:,} to {to:,} of {origin}, "
            "under {checkpoints:,} checkpoints, {unsealed:,} not sealed yet.".format(**found)
        )
        if found["witnessed"]:
            count = len(found["witnessed"])
            print("It agrees with %d witnessed checkpoint%s, up to size %d." % (count, "s"[: count != 1], max(found["witnessed"])))
            if found["unreached"]:
                print("Not compared, as this export does not reach them: %d." % found["unreached"])
        elif not given:
            print("It was held against nothing but itself: compare with a checkpoint that was kept elsewhere (--checkpoint).")
    else:
        where = ["line %d" % found["line"]] if found["line"] is not None else []
        if found["event_id"] is not None:
            of = " of %s" % found["approval_id"] if found["approval_id"] else ""
            where += ["event %d%s" % (found["event_id"], of)]
        print("BAD%s: %s" % (" at " + ", ".join(where) if where else "", found["what"]))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
