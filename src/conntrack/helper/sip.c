/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SIP (RFC 3261) with SDP (RFC 4566): calls and their media streams, registrations and the calls that come in because of
 * them. Linux 6.18, nf_conntrack_sip.c, with its module options as they are unless said: media and signalling come from
 * the other side of the conversation.
 */
#include "conntrack/helper/sip.h"

#include <string.h>

#include "base/cursor.h"
#include "conntrack/help.h"
#include "conntrack/lifecycle.h"
#include "packet/rewrite.h"

enum {
	MASTER_TIMEOUT = 3600,
	SHORTEST_MESSAGE = 11,	/* "SIP/2.0 200" */
	ICMP_CHECKSUM_OFFSET = 2,
};

static struct sip_memory *memory_of(const struct sip_message *message)
{
	return &message->helping->help->memory.sip;
}

/* Media streams, or the registration. Linux 6.18, flush_expectations(). */
static void take_back(struct sip_message *message, bool is_media)
{
	struct expectation *each = message->helping->help->newest, *older;

	for (; each; each = older) {
		older = each->older;
		if ((each->class != SIP_SIGNALLING) != is_media)
			continue;
		expectation_remove(message->helping->conntrack, each, EXPECTATION_WITHDRAWN);
		if (!is_media)
			return;
	}
}

static const char *read_invite(struct sip_message *message, uint32_t cseq)
{
	const char *problem;

	take_back(message, true);
	problem = sip_read_media(message);
	if (!problem)
		memory_of(message)->invite_cseq = cseq;
	return problem;
}

static const char *read_offer(struct sip_message *message, uint32_t cseq)
{
	(void)cseq;
	return sip_read_media(message);
}

static const char *read_bye(struct sip_message *message, uint32_t cseq)
{
	(void)cseq;
	take_back(message, true);
	return NULL;
}

/* An answer to what offered media: good ones offer, too, bad ones end what the INVITE began. */
static const char *read_media_answer(struct sip_message *message, uint32_t cseq, uint32_t code)
{
	if (code >= 100 && code <= 299)
		return sip_read_media(message);
	if (memory_of(message)->invite_cseq == cseq)
		take_back(message, true);
	return NULL;
}

/* "transport=tcp" must name the protocol of the connection. */
static bool has_same_transport(const struct sip_message *message, int from)
{
	uint8_t protocol = message->helping->packet->protocol;
	struct sip_span span;

	if (sip_text_find_param(&message->text, from, "transport=", &span) != SIP_FOUND)
		return true;
	return sip_text_has(&message->text, span.at, "TCP") ? protocol == PROTOCOL_TCP
		: sip_text_has(&message->text, span.at, "UDP") && protocol == PROTOCOL_UDP;
}

/* The lifetime that the message gives to all contacts; 0 when it gives none. */
static uint32_t read_expires(const struct sip_text *text)
{
	struct sip_span span;
	int end;

	return sip_text_find_header(text, 0, SIP_EXPIRES, &span) == SIP_FOUND ? sip_text_number(text, span.at, &end) : 0;
}

/* Linux 6.18, process_register_request(): an expectation that waits for the registrar's consent. */
static const char *read_register(struct sip_message *message, uint32_t cseq)
{
	struct helping *helping = message->helping;
	const struct sip_text *text = &message->text;
	uint32_t expires = read_expires(text);
	struct sip_endpoint contact;
	struct sip_span span, unused;
	struct expectation wanted;
	const char *problem = NULL;

	if (helping->connection->status & STATUS_EXPECTED)
		return NULL;
	switch (sip_text_find_address(text, NULL, SIP_CONTACT, NULL, &span, &contact)) {
	case SIP_MALFORMED:
		return "helper sip: cannot parse contact";
	case SIP_MISSING:
		return NULL;
	case SIP_FOUND:
		break;
	}
	/* Somebody registers for a third host. */
	if (!address_is_equal(&sip_own(message)->source, &contact.address) ||
	    !has_same_transport(message, span.at + span.len))
		return NULL;
	if (sip_text_find_number_param(text, span.at + span.len, "expires=", &unused, &expires) == SIP_MALFORMED)
		return "helper sip: cannot parse expires";
	if (expires) {
		expectation_init(&wanted, helping->connection, helping->packet->protocol, &sip_other(message)->source,
				 &contact.address, contact.port);
		wanted.class = SIP_SIGNALLING;
		wanted.helper = helping->help->helper;
		wanted.flags = EXPECTATION_PERMANENT | EXPECTATION_INACTIVE;
		if (payload_is_translated(helping))
			problem = sip_expect_registration(message, &wanted, span);
		else if (expectation_add(helping->conntrack, &wanted, false, helping->now) != EXPECTATION_ADDED)
			problem = "helper sip: cannot add expectation";
	}
	if (!problem)
		memory_of(message)->register_cseq = cseq;
	return problem;
}

/* The registrar has agreed, for so long. False: nobody registered this contact. */
static bool activate(struct sip_message *message, const struct sip_endpoint *contact, uint32_t seconds)
{
	struct helping *helping = message->helping;

	for (struct expectation *each = helping->help->newest; each; each = each->older) {
		if (each->class != SIP_SIGNALLING || each->tuple.destination_port != contact->port ||
		    each->tuple.protocol != helping->packet->protocol ||
		    !address_is_equal(&each->tuple.destination, &contact->address))
			continue;
		each->flags &= ~(uint32_t)EXPECTATION_INACTIVE;
		expectation_refresh(helping->conntrack, each, seconds, helping->now);
		return true;
	}
	return false;
}

/* Linux 6.18, process_register_response(). */
static const char *read_register_answer(struct sip_message *message, uint32_t cseq, uint32_t code)
{
	const struct sip_text *text = &message->text;
	uint32_t for_all = read_expires(text);
	bool in_contact = false;
	int from = 0;

	if (memory_of(message)->register_cseq != cseq || (code >= 100 && code <= 199))
		return NULL;
	while (code >= 200 && code <= 299) {
		uint32_t expires = for_all;
		struct sip_endpoint contact;
		struct sip_span span, unused;
		enum sip_found found = sip_text_find_address(text, &from, SIP_CONTACT, &in_contact, &span, &contact);

		if (found == SIP_MALFORMED)
			return "helper sip: cannot parse contact";
		if (found == SIP_MISSING)
			break;
		if (!address_is_equal(&sip_own(message)->destination, &contact.address) ||
		    !has_same_transport(message, span.at + span.len))
			continue;
		if (sip_text_find_number_param(text, span.at + span.len, "expires=", &unused, &expires) == SIP_MALFORMED)
			return "helper sip: cannot parse expires";
		if (expires == 0)
			break;
		if (activate(message, &contact, expires))
			return NULL;
	}
	take_back(message, false);
	return NULL;
}

static const struct method {
	const char *name;
	const char *(*request)(struct sip_message *message, uint32_t cseq);
	const char *(*answer)(struct sip_message *message, uint32_t cseq, uint32_t code);
} methods[] = {
	{ "INVITE", read_invite, read_media_answer },
	{ "UPDATE", read_offer, read_media_answer },
	{ "ACK", read_offer, NULL },
	{ "PRACK", read_offer, read_media_answer },
	{ "BYE", read_bye, NULL },
	{ "REGISTER", read_register, read_register_answer },
};

enum { N_METHODS = sizeof(methods) / sizeof(methods[0]) };

static const char *read_answer(struct sip_message *message)
{
	const struct sip_text *text = &message->text;
	struct sip_span span;
	int end;
	uint32_t code, cseq;

	if (text->len < SHORTEST_MESSAGE)
		return NULL;
	code = sip_text_number(text, (int)strlen("SIP/2.0 "), &end);
	if (!code)
		return "helper sip: cannot get code";
	if (sip_text_find_header(text, 0, SIP_CSEQ, &span) != SIP_FOUND)
		return "helper sip: cannot parse cseq";
	cseq = sip_text_number(text, span.at, &end);
	if (end == span.at)
		return "helper sip: cannot get cseq";
	for (size_t i = 0; i < N_METHODS; i++)
		if (methods[i].answer && sip_text_has(text, span.at + span.len + 1, methods[i].name))
			return methods[i].answer(message, cseq, code);
	return NULL;
}

static bool is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* Some telephones send from any port and want the answers at 5060: Via says so. */
static void note_forced_port(struct sip_message *message)
{
	const struct tuple *own = sip_own(message);
	struct sip_endpoint via;
	struct sip_span span;

	if (sip_text_find_address(&message->text, NULL, SIP_VIA_UDP, NULL, &span, &via) == SIP_FOUND &&
	    via.port != own->source_port && address_is_equal(&via.address, &own->source))
		memory_of(message)->forced_port = via.port;
}

static const char *read_request(struct sip_message *message)
{
	const struct sip_text *text = &message->text;
	struct sip_span span;
	uint32_t cseq;
	int end;

	note_forced_port(message);
	for (size_t i = 0; i < N_METHODS; i++) {
		int len = (int)strlen(methods[i].name);

		if (text->len < len + 2 || !sip_text_has(text, 0, methods[i].name) || text->bytes[len] != ' ' ||
		    !is_letter(text->bytes[len + 1]))
			continue;
		if (sip_text_find_header(text, 0, SIP_CSEQ, &span) != SIP_FOUND)
			return "helper sip: cannot parse cseq";
		cseq = sip_text_number(text, span.at, &end);
		if (end == span.at)
			return "helper sip: cannot get cseq";
		return methods[i].request(message, cseq);
	}
	return NULL;
}

/* Linux 6.18, process_sip_msg(). */
static const char *read_message(struct sip_message *message)
{
	const char *problem = sip_text_has(&message->text, 0, "SIP/2.0 ") ? read_answer(message) : read_request(message);

	if (problem || !payload_is_translated(message->helping))
		return problem;
	return sip_translate_message(message);
}

/*
 * Where the message at the beginning of `text` ends, by its Content-Length; 0: there is no such, -1: the rest of it is in
 * another segment.
 */
static int find_end(const struct sip_text *text)
{
	struct sip_span span;
	uint32_t content_len;
	int end;

	if (sip_text_find_header(text, 0, SIP_CONTENT_LENGTH, &span) != SIP_FOUND)
		return 0;
	content_len = sip_text_number(text, span.at, &end);
	if (end == span.at || content_len > (uint32_t)text->len)
		return 0;
	for (; end + 4 <= text->len; end++) {
		if (memcmp(text->bytes + end, "\r\n\r\n", 4) != 0)
			continue;
		end += 4 + (int)content_len;
		return end > text->len ? -1 : end;
	}
	return 0;
}

static void begin_message(struct sip_message *message, uint32_t start, int len)
{
	message->start = start;
	message->growth = 0;
	message->text = (struct sip_text){
		.bytes = message->payload.bytes + start,
		.len = len,
		.family = connection_tuple(message->helping->connection, DIRECTION_ORIGINAL).family,
	};
}

/* Linux 6.18, sip_help_tcp(): one message after the other, and at last the change of sequence numbers. */
static const char *help_tcp(struct sip_message *message)
{
	struct helping *helping = message->helping;
	const char *problem = NULL;
	uint32_t start = 0;
	int growth = 0;

	while (!problem) {
		int end;

		begin_message(message, start, (int)(message->payload.len - start));
		end = find_end(&message->text);
		if (end < 0)
			return NULL;
		if (end == 0)
			break;
		begin_message(message, start, end);
		problem = read_message(message);
		growth += message->growth;
		start += (uint32_t)message->text.len;
	}
	if (!problem && payload_is_translated(helping))
		payload_note_growth(helping, growth);
	return problem;
}

/* An ICMP error of the original direction: Linux 6.18, sip_help_udp(), takes it for a datagram, and so for a sign of life. */
static bool is_error_over_udp(const struct helping *helping)
{
	return connection_tuple(helping->connection, DIRECTION_ORIGINAL).protocol == PROTOCOL_UDP &&
	       helping->packet->protocol != PROTOCOL_UDP;
}

/* Its quoted packet is read, and translated, as a message that begins with an IP header. */
static const char *help_error(struct sip_message *message)
{
	struct helping *helping = message->helping;
	const struct packet *packet = helping->packet;
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset + ICMP_CHECKSUM_OFFSET);
	uint16_t checksum = cursor_u16(&cursor);
	const char *problem;

	lifecycle_refresh(helping->conntrack, helping->connection, MASTER_TIMEOUT, helping->now);
	if (!payload_of_error(helping, &message->payload) || message->payload.len < SHORTEST_MESSAGE)
		return NULL;
	begin_message(message, 0, (int)message->payload.len);
	problem = read_message(message);
	if (helping->is_payload_changed)
		rewrite_error_as_datagram(helping->packet, checksum);
	return problem;
}

static const char *help(struct helping *helping)
{
	struct sip_message message = { .helping = helping };
	bool is_tcp = helping->packet->protocol == PROTOCOL_TCP;

	if (is_error_over_udp(helping))
		return help_error(&message);
	if (!(is_tcp ? payload_of_tcp(helping, &message.payload) : payload_of_udp(helping, &message.payload)))
		return NULL;
	lifecycle_refresh(helping->conntrack, helping->connection, MASTER_TIMEOUT, helping->now);
	if (message.payload.len < SHORTEST_MESSAGE)
		return NULL;
	if (is_tcp)
		return help_tcp(&message);
	begin_message(&message, 0, (int)message.payload.len);
	return read_message(&message);
}

const struct helper helper_sip = {
	.name = "sip",
	.summary = "media streams of calls, and calls to registered telephones",
	.protocols = { PROTOCOL_UDP, PROTOCOL_TCP },
	.has_ipv6 = true,
	.port = 5060,
	.classes = {
		[SIP_SIGNALLING] = { "signalling", 1, 180 },
		[SIP_AUDIO] = { "audio", 4, 180 },
		[SIP_VIDEO] = { "video", 4, 180 },
		[SIP_IMAGE] = { "image", 2, 180 },
	},
	.n_classes = 4,
	.help = help,
};
