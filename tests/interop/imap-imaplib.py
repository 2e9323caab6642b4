"""What imap-imaplib.sh runs: WAY HOST PORT CA USER PASSWORD MESSAGE."""
import imaplib
import ssl
import sys
import time

way, host, port, ca, user, password, message_file = sys.argv[1:]
message = open(message_file, "rb").read()


def step(name, passed):
    print(("ok " if passed else "not ok ") + name)


def session():
    context = ssl.create_default_context(cafile=ca)
    if way == "tls":
        client = imaplib.IMAP4_SSL(host, int(port), ssl_context=context)
    else:
        client = imaplib.IMAP4(host, int(port))
        client.starttls(context)
    client.login(user, password)
    return client


def numbers(client, *criteria):
    return client.search(None, *criteria)[1][0].split()


first, second = session(), session()
step("IMAP4rev1 is said to be there", "IMAP4REV1" in first.capabilities)
first.select("INBOX")
second.select("INBOX")
date = imaplib.Time2Internaldate(time.time())
step("APPEND with flag and date", first.append("INBOX", r"(\Draft)", date, message)[0] == "OK")
second.noop()
step("the other session hears of it", second.response("EXISTS")[1][-1] == b"1")
step("all octets are read", second.fetch("1", "(BODY.PEEK[])")[1][0][1] == message)
step("and are not seen by a look", rb"\Seen" not in second.fetch("1", "(FLAGS)")[1][0])
step("a read makes them seen", second.fetch("1", "(BODY[TEXT])")[0] == "OK" and numbers(second, "SEEN") == [b"1"])
step("a part of a section", second.fetch("1", "(BODY.PEEK[]<5.6>)")[1][0][1] == message[5:11])
fields = second.fetch("1", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1][0][1]
step("one field of the header", fields.startswith(b"Subject: hard to carry\r\n"))
step("ENVELOPE has the subject", b'"hard to carry"' in second.fetch("1", "(ENVELOPE)")[1][0])
step("BODYSTRUCTURE has the type", b'"utf-8"' in second.fetch("1", "(BODYSTRUCTURE)")[1][0].lower())
step("RFC822.SIZE", f"RFC822.SIZE {len(message)}".encode() in second.fetch("1", "(RFC822.SIZE)")[1][0])
step("UID FETCH", b"UID " in second.uid("FETCH", "1:*", "(FLAGS)")[1][0])
step("the date that was given is kept", date[1:12].encode() in second.fetch("1", "(INTERNALDATE)")[1][0])

first.store("1", "+FLAGS", r"(\Flagged $Later)")
second.noop()
told = second.response("FETCH")[1]
told = b"" if told[0] is None else told[-1]
step("the other session is told of flag and keyword", rb"\Flagged" in told and b"$Later" in told)
step("SEARCH by keyword", numbers(second, "KEYWORD", "$Later") == [b"1"])
step("SEARCH with OR and NOT", numbers(second, "OR", "DELETED", "NOT", "ANSWERED") == [b"1"])
second.literal = "漢字".encode()
step("SEARCH with CHARSET and a literal", second.uid("SEARCH", "CHARSET", "UTF-8", "BODY")[1][0] != b"")
step("SEARCH that finds nothing", numbers(second, "FROM", "nobody") == [])

step("CREATE with a hierarchy", first.create("Work/Reports")[0] == "OK")
step("both are listed", len([x for x in first.list('""', "Work*")[1] if x and b"Work/Reports" in x]) == 1)
step("SUBSCRIBE and LSUB", first.subscribe("Work/Reports")[0] == "OK" and b"Work/Reports" in first.lsub()[1][-1])
step("COPY", first.copy("1", "Work/Reports")[0] == "OK")
step("STATUS of the copy", b"MESSAGES 1" in first.status("Work/Reports", "(MESSAGES UIDVALIDITY)")[1][0])
step("RENAME", first.rename("Work/Reports", "Work/Old")[0] == "OK")
step("EXAMINE is read-only", second.select("Work/Old", readonly=True)[1] == [b"1"])
second.store("1", "+FLAGS", r"(\Deleted)")
step("so that STORE changes nothing", numbers(second, "DELETED") == [])
step("the copy has its flags", rb"\Flagged" in second.fetch("1", "(FLAGS)")[1][0])
step("CREATE with modified UTF-7", first.create("Entw&APw-rfe")[0] == "OK")
# By a new session, since Dovecot lists from a cache whose clock has whole seconds.
third = session()
step("the folder is listed", any(b"Entw&APw-rfe" in x for x in third.list('""', "Entw*")[1] if x))
third.logout()
step("SELECT of no folder is refused", first.select("Nowhere")[0] == "NO")

first.select("INBOX")
second.select("INBOX")
first.append("INBOX", None, None, message)
first.store("1", "+FLAGS", r"(\Deleted)")
step("EXPUNGE", first.expunge()[1] == [b"1"])
second.noop()
step("the other session is told of it", second.response("EXPUNGE")[1][-1] == b"1")
step("and counts on from there", numbers(second, "ALL") == [b"1"])
step("CLOSE and LOGOUT", first.close()[0] == "OK" and first.logout()[0] == "BYE")
second.logout()
print("done")
