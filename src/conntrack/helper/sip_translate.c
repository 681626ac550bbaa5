/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a SIP message says of the translated side. Linux 6.18, nf_nat_sip.c. */
#include "conntrack/helper/sip.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "conntrack/help.h"
#include "conntrack/lifecycle.h"
#include "packet/rewrite.h"

enum { LOWEST_PORT = 1024, UDP_DESTINATION_OFFSET = 2 };

static uint16_t forced_port(const struct sip_message *message)
{
	return message->helping->help->memory.sip.forced_port;
}

/* Linux 6.18, mangle_packet(). */
static bool write_text(struct sip_message *message, struct sip_span span, const struct text *written)
{
	struct payload *payload = &message->payload;
	uint32_t before = payload->len;

	if (!payload_write(message->helping, payload, message->start + (uint32_t)span.at, (uint32_t)span.len,
			   text_string(written), (uint32_t)written->len))
		return false;
	message->growth += (int)written->len - span.len;
	message->text.bytes = payload->bytes + message->start;
	message->text.len += (int)(payload->len - before);
	return true;
}

static bool write_number(struct sip_message *message, struct sip_span span, uint32_t number)
{
	struct text written;
	bool is_written;

	text_init(&written);
	text_append_u64(&written, number);
	is_written = write_text(message, span, &written);
	text_clear(&written);
	return is_written;
}

static bool write_address(struct sip_message *message, struct sip_span span, const struct address *address,
			  bool has_brackets)
{
	bool is_ipv6 = message->text.family == FAMILY_IPV6;
	struct text written;
	bool is_written;

	text_init(&written);
	text_append(&written, is_ipv6 && has_brackets ? "[" : "");
	address_print(message->text.family, address, &written);
	text_append(&written, is_ipv6 && has_brackets ? "]" : "");
	is_written = write_text(message, span, &written);
	text_clear(&written);
	return is_written;
}

static bool write_endpoint(struct sip_message *message, struct sip_span span, const struct address *address,
			   uint16_t port)
{
	bool is_ipv6 = message->text.family == FAMILY_IPV6;
	struct text written;
	bool is_written;

	text_init(&written);
	text_append(&written, is_ipv6 ? "[" : "");
	address_print(message->text.family, address, &written);
	text_printf(&written, "%s:%u", is_ipv6 ? "]" : "", port);
	is_written = write_text(message, span, &written);
	text_clear(&written);
	return is_written;
}

/* An address and port that is one end of this connection becomes what it is on the other side. */
static bool map_endpoint(struct sip_message *message, struct sip_span span, const struct sip_endpoint *endpoint)
{
	const struct tuple *own = sip_own(message), *other = sip_other(message);
	struct sip_endpoint mapped;

	if (address_is_equal(&own->source, &endpoint->address) && own->source_port == endpoint->port)
		mapped = (struct sip_endpoint){ other->destination, other->destination_port };
	else if (address_is_equal(&own->destination, &endpoint->address) && own->destination_port == endpoint->port)
		mapped = (struct sip_endpoint){
			other->source, forced_port(message) ? forced_port(message) : other->source_port,
		};
	else
		return true;
	if (address_is_equal(&mapped.address, &endpoint->address) && mapped.port == endpoint->port)
		return true;
	return write_endpoint(message, span, &mapped.address, mapped.port);
}

/* The first address in a header of a type. */
static bool map_header(struct sip_message *message, enum sip_header header)
{
	struct sip_endpoint endpoint;
	struct sip_span span;

	if (sip_text_find_address(&message->text, NULL, header, NULL, &span, &endpoint) != SIP_FOUND)
		return true;
	return map_endpoint(message, span, &endpoint);
}

/* RFC 3261, 18.2.1; RFC 3581: where answers are to go, and from where the request was seen to come. */
static const char *map_via_params(struct sip_message *message, int from)
{
	const struct tuple *own = sip_own(message), *other = sip_other(message);
	const struct sip_text *text = &message->text;
	struct address address;
	struct sip_span span;
	uint32_t port;

	if (sip_text_find_address_param(text, from, "maddr=", true, &span, &address) == SIP_FOUND &&
	    address_is_equal(&address, &own->source) && !address_is_equal(&address, &other->destination) &&
	    !write_address(message, span, &other->destination, true))
		return "helper sip: cannot mangle maddr";
	if (sip_text_find_address_param(text, from, "received=", false, &span, &address) == SIP_FOUND &&
	    address_is_equal(&address, &own->destination) && !address_is_equal(&address, &other->source) &&
	    !write_address(message, span, &other->source, false))
		return "helper sip: cannot mangle received";
	if (sip_text_find_number_param(text, from, "rport=", &span, &port) == SIP_FOUND && port >= LOWEST_PORT &&
	    port == own->destination_port && port != other->source_port &&
	    !write_number(message, span, other->source_port))
		return "helper sip: cannot mangle rport";
	return NULL;
}

/* The topmost Via, when it is about this connection. */
static const char *map_via(struct sip_message *message, bool is_request)
{
	const struct tuple *own = sip_own(message);
	enum sip_header header = own->protocol == PROTOCOL_TCP ? SIP_VIA_TCP : SIP_VIA_UDP;
	const struct address *address = is_request ? &own->source : &own->destination;
	uint16_t port = is_request ? own->source_port : own->destination_port;
	struct sip_endpoint via;
	struct sip_span span;
	int before = message->text.len;

	if (sip_text_find_address(&message->text, NULL, header, NULL, &span, &via) != SIP_FOUND ||
	    !address_is_equal(&via.address, address) || via.port != port)
		return NULL;
	if (!map_endpoint(message, span, &via))
		return "helper sip: cannot mangle Via header";
	return map_via_params(message, span.at + span.len + message->text.len - before);
}

static bool map_contacts(struct sip_message *message)
{
	struct sip_endpoint contact;
	struct sip_span span;
	bool in_contact = false;
	int from = 0;

	while (sip_text_find_address(&message->text, &from, SIP_CONTACT, &in_contact, &span, &contact) == SIP_FOUND) {
		int before = message->text.len;

		if (!map_endpoint(message, span, &contact))
			return false;
		from += message->text.len - before;
	}
	return true;
}

/* An answer goes to the port where the telephone listens. */
static void map_forced_port(struct sip_message *message)
{
	struct helping *helping = message->helping;

	if (helping->direction == DIRECTION_REPLY && forced_port(message) && helping->packet->protocol == PROTOCOL_UDP)
		rewrite_destination_port(helping->packet, forced_port(message));
}

const char *sip_translate_message(struct sip_message *message)
{
	bool is_request = !sip_text_has(&message->text, 0, "SIP/2.0");
	struct sip_endpoint target;
	struct sip_span span;
	const char *problem;

	if (is_request && sip_text_find_target(&message->text, &span, &target) == SIP_FOUND &&
	    !map_endpoint(message, span, &target))
		return "helper sip: cannot mangle SIP message";
	problem = map_via(message, is_request);
	if (problem)
		return problem;
	if (!map_contacts(message))
		return "helper sip: cannot mangle contact";
	if (!map_header(message, SIP_FROM) || !map_header(message, SIP_TO))
		return "helper sip: cannot mangle SIP from/to";
	map_forced_port(message);
	return NULL;
}

/* The address at which the other side will look for what the sender announced as `address`. */
static struct address outside_of(const struct sip_message *message, const struct address *address)
{
	const struct tuple *own = sip_own(message), *other = sip_other(message);

	return address_is_equal(&own->source, &other->destination) ? *address : other->destination;
}

static void follow(struct sip_message *message, struct expectation *wanted, const struct address *address)
{
	wanted->mapping = EXPECTATION_FOLLOWS_SIP;
	wanted->direction = direction_other(message->helping->direction);
	wanted->saved_address = wanted->tuple.destination;
	wanted->saved_port = wanted->tuple.destination_port;
	wanted->tuple.destination = *address;
}

const char *sip_expect_registration(struct sip_message *message, struct expectation *wanted, struct sip_span contact)
{
	uint16_t own_port = forced_port(message) ? forced_port(message) : sip_own(message)->source_port;
	struct address address = outside_of(message, &wanted->tuple.destination);
	uint16_t port;

	follow(message, wanted, &address);
	if (wanted->tuple.destination_port == own_port)
		wanted->tuple.destination_port = sip_other(message)->destination_port;
	port = payload_expect_at_free_port(message->helping, wanted);
	if (!port)
		return "helper sip: all ports in use for SIP";
	if ((!address_is_equal(&address, &wanted->saved_address) || port != wanted->saved_port) &&
	    !write_endpoint(message, contact, &address, port))
		return "helper sip: cannot mangle packet";
	return NULL;
}

/* Two ports in a row, the first of them even, that both are free; 0: there are none. Linux 6.18, nf_nat_sdp_media(). */
static uint16_t expect_at_free_ports(struct helping *helping, struct expectation *rtp, struct expectation *rtcp)
{
	for (uint32_t port = rtp->tuple.destination_port; port && port < UINT16_MAX; port += 2) {
		enum expectation_answer answer;

		rtp->tuple.destination_port = (uint16_t)port;
		rtcp->tuple.destination_port = (uint16_t)(port + 1);
		answer = expectation_add_pair(helping->conntrack, rtp, rtcp, true, helping->now);
		if (answer == EXPECTATION_ADDED)
			return (uint16_t)port;
		if (answer != EXPECTATION_BUSY)
			return 0;
	}
	return 0;
}

const char *sip_expect_media(struct sip_message *message, struct expectation *rtp, struct expectation *rtcp,
			     struct sip_span media, struct address *address)
{
	uint16_t port;

	*address = outside_of(message, &rtp->tuple.destination);
	follow(message, rtp, address);
	follow(message, rtcp, address);
	port = expect_at_free_ports(message->helping, rtp, rtcp);
	if (!port || (port != rtp->saved_port && !sip_write_media_port(message, media, port)))
		return "helper sip: cannot add expectation for voice";
	return NULL;
}

/* Content-Length becomes what SDP has grown to. */
static bool write_content_len(struct sip_message *message)
{
	const struct sip_text *text = &message->text;
	struct sip_span version, len;

	if (sip_text_find_sdp(text, 0, SDP_VERSION, SDP_NOTHING, &version) != SIP_FOUND ||
	    sip_text_find_header(text, 0, SIP_CONTENT_LENGTH, &len) != SIP_FOUND)
		return false;
	return write_number(message, len, (uint32_t)(text->len - version.at + 2));
}

bool sip_write_media_port(struct sip_message *message, struct sip_span media, uint16_t port)
{
	return write_number(message, media, port) && write_content_len(message);
}

bool sip_write_media_address(struct sip_message *message, int media_at, const struct address *address)
{
	struct sip_span span;

	return sip_text_find_sdp(&message->text, media_at, SDP_CONNECTION, SDP_MEDIA, &span) == SIP_FOUND &&
	       write_address(message, span, address, false) && write_content_len(message);
}

bool sip_write_session_address(struct sip_message *message, int sdp_at, const struct address *address)
{
	struct sip_span span;

	if (sip_text_find_sdp(&message->text, sdp_at, SDP_OWNER, SDP_MEDIA, &span) != SIP_FOUND ||
	    !write_address(message, span, address, false))
		return false;
	if (sip_text_find_sdp(&message->text, sdp_at, SDP_CONNECTION, SDP_MEDIA, &span) == SIP_FOUND &&
	    !write_address(message, span, address, false))
		return false;
	return write_content_len(message);
}
