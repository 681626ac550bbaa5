/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SIP over UDP and TCP: registrations, calls, and their media. */
#include <string.h>

#include "dialog.h"

/* An address and port as SIP has them: brackets for IPv6. */
static void add_host(struct dialog *dialog, struct said *said, const struct address *address, unsigned port)
{
	bool is_ipv6 = dialog->family == FAMILY_IPV6;

	add_text(said, is_ipv6 ? "[" : "");
	add_address(dialog, said, address);
	add_text(said, is_ipv6 ? "]" : "");
	if (port)
		add_text(said, ":%u", port);
}

static void add_media(struct dialog *dialog, struct said *said, int from)
{
	static const char *const kinds[] = { "audio", "audio", "video", "image", "text", "audiovideo" };

	for (unsigned n = 1 + pick(dialog, 3); n > 0; n--) {
		const char *kind = PICK_WORD(dialog, kinds);

		add_text(said, "m=%s %u RTP/AVP 0\r\n", kind, chance(dialog, 92) ? 30000 + 2 * pick(dialog, 4) : pick_port(dialog));
		if (chance(dialog, 25)) {
			struct address address = pick_named_address(dialog, from);

			add_text(said, "c=IN IP%c ", dialog->family == FAMILY_IPV6 ? '6' : '4');
			add_address(dialog, said, &address);
			add_text(said, "\r\n");
		}
	}
}

static void make_session(struct dialog *dialog, struct said *said, int from)
{
	struct address address = pick_named_address(dialog, from);
	char version = dialog->family == FAMILY_IPV6 ? '6' : '4';

	add_text(said, "v=0\r\no=- 1 1 IN IP%c ", version);
	add_address(dialog, said, &address);
	add_text(said, "\r\ns=-\r\n");
	if (chance(dialog, 85)) {
		add_text(said, "c=IN IP%c ", version);
		add_address(dialog, said, &address);
		add_text(said, "\r\n");
	}
	add_text(said, "t=0 0\r\n");
	add_media(dialog, said, from);
}

static void add_via(struct dialog *dialog, struct said *said, const struct stream *stream, int asker)
{
	struct address address = pick_named_address(dialog, asker);

	add_text(said, chance(dialog, 90) ? "Via: " : "v: ");
	add_text(said, "SIP/2.0/%s ", stream->is_tcp ? "TCP" : "UDP");
	add_host(dialog, said, &address, chance(dialog, 85) ? stream->port[asker] : 0);
	add_text(said, ";branch=z9hG4bK%u", (unsigned)pick(dialog, 4));
	if (chance(dialog, 20))
		add_text(said, ";rport");
	if (chance(dialog, 10))
		add_text(said, "=%u", stream->port[asker]);
	if (chance(dialog, 10)) {
		add_text(said, ";received=");
		add_address(dialog, said, &address);
	}
	if (chance(dialog, 8)) {
		add_text(said, ";maddr=");
		add_host(dialog, said, &address, 0);
	}
	add_text(said, "\r\n");
}

static void add_party(struct dialog *dialog, struct said *said, const char *header, int end, unsigned port)
{
	struct address address = pick_named_address(dialog, end);

	add_text(said, "%s: <sip:x@", header);
	add_host(dialog, said, &address, port);
	add_text(said, ">");
}

struct dialogue {
	const char *method;
	unsigned cseq;
	int asker;
	bool has_session, is_answer;
	unsigned code;
};

static void add_headers(struct dialog *dialog, struct said *said, const struct stream *stream, const struct dialogue *what)
{
	int from = what->is_answer ? !what->asker : what->asker;

	add_via(dialog, said, stream, what->asker);
	add_party(dialog, said, chance(dialog, 90) ? "From" : "f", what->asker, 0);
	add_text(said, ";tag=1\r\n");
	add_party(dialog, said, chance(dialog, 90) ? "To" : "t", !what->asker, 0);
	add_text(said, "\r\nCall-ID: 1@x\r\n");
	if (chance(dialog, 98))
		add_text(said, "CSeq: %u %s\r\n", what->cseq, what->method);
	if (chance(dialog, 80)) {
		add_party(dialog, said, chance(dialog, 90) ? "Contact" : "m", strcmp(what->method, "REGISTER") == 0 ? what->asker : from,
			  chance(dialog, 70) ? stream->port[from] : pick_port(dialog));
		if (chance(dialog, 50))
			add_text(said, ";expires=%u", chance(dialog, 80) ? 2 * (5 + pick(dialog, 400)) : 0);
		add_text(said, "\r\n");
	}
	if (chance(dialog, 30))
		add_text(said, "Expires: %u\r\n", chance(dialog, 80) ? 2 * (5 + pick(dialog, 400)) : 0);
}

static void make_message(struct dialog *dialog, struct said *said, const struct stream *stream, const struct dialogue *what)
{
	int from = what->is_answer ? !what->asker : what->asker;
	struct said session = { .len = 0 };

	if (what->is_answer) {
		add_text(said, "SIP/2.0 %u x\r\n", what->code);
	} else {
		add_text(said, "%s sip:y@", what->method);
		add_host(dialog, said, chance(dialog, 80) ? &dialog->end[!from].seen : &dialog->end[!from].address,
			 chance(dialog, 50) ? stream->port[!from] : 0);
		add_text(said, " SIP/2.0\r\n");
	}
	add_headers(dialog, said, stream, what);
	if (what->has_session) {
		make_session(dialog, &session, from);
		add_text(said, "Content-Type: application/sdp\r\n");
	}
	add_text(said, chance(dialog, 90) ? "Content-Length" : "l");
	add_text(said, ": %u\r\n\r\n", (unsigned)session.len + (chance(dialog, 3) ? 1 : 0));
	add_bytes(said, session.bytes, session.len);
}

static void converse(struct dialog *dialog, struct stream *stream)
{
	static const char *const methods[] = { "REGISTER", "REGISTER", "INVITE", "INVITE", "INVITE", "ACK", "BYE", "UPDATE", "PRACK", "OPTIONS" };
	static const unsigned codes[] = { 100, 180, 183, 200, 200, 200, 302, 401, 486, 603 };
	unsigned cseq = 1;

	for (unsigned n = 2 + pick(dialog, 9); n > 0; n--) {
		struct dialogue what = { .method = PICK_WORD(dialog, methods), .cseq = cseq, .asker = chance(dialog, 70) ? CLIENT : SERVER };
		struct said said = { .len = 0 };

		what.has_session = strcmp(what.method, "REGISTER") != 0 && chance(dialog, 70);
		make_message(dialog, &said, stream, &what);
		say(stream, what.asker, &said);
		for (unsigned i = pick(dialog, 3); i > 0; i--) {
			said.len = 0;
			what.is_answer = true;
			what.code = codes[pick(dialog, 10)];
			what.has_session = strcmp(what.method, "REGISTER") != 0 && chance(dialog, 60);
			what.cseq = chance(dialog, 92) ? cseq : cseq - 1;
			make_message(dialog, &said, stream, &what);
			say(stream, !what.asker, &said);
		}
		cseq += chance(dialog, 80);
		for (unsigned i = pick(dialog, 3); i > 0; i--)
			come(dialog, false, (int)pick(dialog, 2), (uint16_t)(chance(dialog, 80) ? 30000 + pick(dialog, 8) : 5060));
	}
}

const struct speech speech_sip = { .helper = "sip", .protocol = "udp", .port = 5060, .has_ipv6 = true, .speak = converse };
const struct speech speech_sip_tcp = { .helper = "sip", .protocol = "tcp", .port = 5060, .has_ipv6 = true, .speak = converse };
