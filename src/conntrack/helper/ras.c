/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RAS of H.225.0: what endpoints and their gatekeeper say to each other. Who registers may be called; who asks to call is
 * told whom. Linux 6.18, ras_help(), process_ras(), expect_q931(), set_sig_addr(), set_ras_addr().
 */
#include "conntrack/helper/h323.h"
#include "conntrack/lifecycle.h"

enum { UNREGISTRATION_TIMEOUT = 30, LOOPBACK_NET = 127 };

static bool is_endpoint(const struct h323_endpoint *endpoint, const struct address *address, uint16_t port)
{
	return endpoint->port == port && address_is_equal(&endpoint->address, address);
}

/*
 * The first of a list, when it is a loopback address and `note` is a later one; else `note`. GnomeMeeting announces itself so.
 */
static const struct per_note *first_if_loopback(const struct h323_message *message, const struct per_note *note)
{
	const struct per_note *first = h323_find_note(message, (enum h323_role)note->role);
	struct h323_endpoint endpoint;

	if (note->index > 0 && first->index == 0 && h323_read_endpoint(message, first, &endpoint) &&
	    address_ipv4(&endpoint.address) >> 24 == LOOPBACK_NET)
		return first;
	return note;
}

/* Linux 6.18, set_ras_addr(): the sender's own address, as the other side knows it. */
static bool translate_ras_address(struct h323_message *message)
{
	const struct tuple *own = h323_own(message), *other = h323_other(message);

	if (!h323_is_translated(message))
		return true;
	for (size_t i = 0; i < message->notes.n; i++) {
		const struct per_note *note = &message->notes.list[i];
		struct h323_endpoint endpoint;

		if (note->role == H323_RAS_ADDRESS && h323_read_endpoint(message, note, &endpoint) &&
		    is_endpoint(&endpoint, &own->source, own->source_port))
			return h323_write_public_endpoint(message, note, other->destination_port);
	}
	return true;
}

/* Linux 6.18, set_sig_addr(): the endpoint's call signalling address, as it was announced. */
static bool translate_signal_address(struct h323_message *message)
{
	enum direction direction = message->helping->direction;
	const struct h323_memory *memory = h323_memory(message);
	const struct tuple *own = h323_own(message), *other = h323_other(message);
	uint16_t named = memory->signal_port[direction], translated = memory->signal_port[direction_other(direction)];

	if (!h323_is_translated(message))
		return true;
	for (size_t i = 0; i < message->notes.n; i++) {
		const struct per_note *note = &message->notes.list[i];
		struct h323_endpoint endpoint;

		if (note->role != H323_SIGNAL_ADDRESS || !h323_read_endpoint(message, note, &endpoint))
			continue;
		if (is_endpoint(&endpoint, &own->source, named))
			return h323_write_public_endpoint(message, first_if_loopback(message, note), translated);
		if (is_endpoint(&endpoint, &own->destination, named))
			return h323_write_endpoint(message, note, &other->source, translated);
	}
	return true;
}

/* Linux 6.18, nat_q931(). */
static bool expect_translated_call(struct h323_message *message, const struct per_note *note, struct expectation *wanted)
{
	enum direction own = message->helping->direction, other = direction_other(own);
	struct h323_memory *memory = h323_memory(message);
	uint16_t port = wanted->tuple.destination_port, public_port;
	const struct per_note *first;

	payload_follow_master(wanted, other);
	if (address_is_unspecified(&wanted->tuple.source)) {
		wanted->mapping = EXPECTATION_FOLLOWS_CALL_SIGNAL;
		wanted->saved_address = h323_own(message)->source;
	}
	if (memory->signal_port[own] == port)
		wanted->tuple.destination_port = memory->signal_port[other];
	public_port = payload_expect_at_free_port(message->helping, wanted);
	if (!public_port)
		return true;
	if (!h323_write_public_endpoint(message, note, public_port)) {
		h323_take_back(message, wanted);
		return false;
	}
	memory->signal_port[own] = port;
	memory->signal_port[other] = public_port;
	first = first_if_loopback(message, note);
	return first == note || h323_write_public_endpoint(message, first, public_port);
}

/* Calls to the first address that is the sender's own. */
static bool expect_calls(struct h323_message *message)
{
	const struct tuple *own = h323_own(message), *other = h323_other(message);
	struct helping *helping = message->helping;
	const struct per_note *note = NULL;
	struct h323_endpoint endpoint;
	struct expectation wanted;
	size_t i;

	for (i = 0; i < message->notes.n; i++) {
		note = &message->notes.list[i];
		if (note->role == H323_SIGNAL_ADDRESS && h323_read_endpoint(message, note, &endpoint) &&
		    endpoint.port != 0 && address_is_equal(&endpoint.address, &own->source))
			break;
	}
	if (i == message->notes.n)
		return true;
	expectation_init(&wanted, helping->connection, PROTOCOL_TCP,
			 helping->conntrack->settings.h323_gkrouted_only ? &other->source : NULL, &other->destination,
			 endpoint.port);
	wanted.helper = &helper_q931;
	wanted.flags = EXPECTATION_PERMANENT;	/* many calls */
	if (h323_is_translated(message))
		return expect_translated_call(message, note, &wanted);
	if (!h323_add_expectation(message, &wanted))
		return false;
	h323_memory(message)->signal_port[helping->direction] = endpoint.port;
	return true;
}

/* The gatekeeper wants to be spoken to elsewhere; whoever is spoken to there cannot send further on. */
static bool follow_gatekeeper_confirm(struct h323_message *message)
{
	const struct per_note *note = h323_find_note(message, H323_RAS_ADDRESS);
	const struct tuple *own = h323_own(message);
	struct h323_endpoint endpoint;
	struct expectation wanted;

	if (!note || !h323_read_endpoint(message, note, &endpoint) ||
	    is_endpoint(&endpoint, &own->source, own->source_port) ||
	    message->helping->connection->status & STATUS_EXPECTED)
		return true;
	h323_expect_from_other(message, &wanted, PROTOCOL_UDP, &endpoint.address, endpoint.port);
	wanted.helper = &helper_ras;
	return h323_add_expectation(message, &wanted);
}

static bool follow_registration_request(struct h323_message *message)
{
	const struct per_note *lifetime = h323_find_note(message, H323_TIME_TO_LIVE);

	if (!expect_calls(message) || !translate_ras_address(message))
		return false;
	h323_memory(message)->lifetime = lifetime ? lifetime->value
						  : message->helping->conntrack->settings.h323_default_rrq_ttl;
	return true;
}

/* Linux 6.18, process_rcf(): ticks in 32 bits, of which an entry takes the upper half for the past. */
static uint32_t entry_lifetime(const struct conntrack_settings *settings, uint32_t lifetime)
{
	uint32_t ticks = lifetime * settings->hz;

	return ticks > INT32_MAX ? 0 : ticks / settings->hz;
}

/* The registration, and the calls that it lets in, live as long as was agreed. */
static bool follow_registration_confirm(struct h323_message *message)
{
	const struct per_note *lifetime = h323_find_note(message, H323_TIME_TO_LIVE);
	struct h323_memory *memory = h323_memory(message);
	struct helping *helping = message->helping;
	struct expectation wanted, *calls;

	if (!translate_signal_address(message))
		return false;
	if (lifetime)
		memory->lifetime = lifetime->value;
	if (!memory->lifetime)
		return true;
	lifecycle_refresh(helping->conntrack, helping->connection,
			  entry_lifetime(&helping->conntrack->settings, memory->lifetime), helping->now);
	/* Linux 6.18, find_expect(): from no address, so that calls from the gatekeeper alone are not found. */
	expectation_init(&wanted, helping->connection, PROTOCOL_TCP, NULL, &h323_own(message)->destination,
			 memory->signal_port[direction_other(helping->direction)]);
	calls = expectation_find(helping->conntrack, &wanted.tuple);
	if (calls && calls->master == helping->connection)
		expectation_refresh(helping->conntrack, calls, memory->lifetime, helping->now);
	return true;
}

static bool follow_unregistration_request(struct h323_message *message)
{
	struct h323_memory *memory = h323_memory(message);
	struct helping *helping = message->helping;

	if (!translate_signal_address(message))
		return false;
	expectation_remove_all(helping->conntrack, helping->connection, EXPECTATION_WITHDRAWN);
	memory->signal_port[DIRECTION_ORIGINAL] = memory->signal_port[DIRECTION_REPLY] = 0;
	lifecycle_refresh(helping->conntrack, helping->connection, UNREGISTRATION_TIMEOUT, helping->now);
	return true;
}

/* Who is called asks whether it may answer, who calls whether it may call: either names itself. */
static bool follow_admission_request(struct h323_message *message)
{
	enum direction direction = message->helping->direction;
	const struct h323_memory *memory = h323_memory(message);
	const struct per_note *called = h323_find_note(message, H323_CALLED_ADDRESS);
	const struct per_note *calling = h323_find_note(message, H323_CALLING_ADDRESS);
	const struct address *source = &h323_own(message)->source;
	struct h323_endpoint endpoint;

	if (!h323_is_translated(message))
		return true;
	if (called && h323_read_endpoint(message, called, &endpoint) &&
	    is_endpoint(&endpoint, source, memory->signal_port[direction]))
		return h323_write_public_endpoint(message, called, memory->signal_port[direction_other(direction)]);
	if (calling && h323_read_endpoint(message, calling, &endpoint) && address_is_equal(&endpoint.address, source))
		return h323_write_public_endpoint(message, calling, endpoint.port);
	return true;
}

/* Who asked may call there. */
static bool follow_located(struct h323_message *message, bool may_be_own)
{
	const struct per_note *note = h323_find_note(message, H323_SIGNAL_ADDRESS);
	struct h323_endpoint endpoint;
	struct expectation wanted;

	if (!note || !h323_read_endpoint(message, note, &endpoint))
		return true;
	if (may_be_own && address_is_equal(&endpoint.address, &h323_own(message)->destination))
		return translate_signal_address(message);
	h323_expect_from_other(message, &wanted, PROTOCOL_TCP, &endpoint.address, endpoint.port);
	wanted.helper = &helper_q931;
	wanted.flags = EXPECTATION_PERMANENT;
	return h323_add_expectation(message, &wanted);
}

static bool follow_message(struct h323_message *message)
{
	switch (message->notes.list[0].value) {
	case RAS_GATEKEEPER_REQUEST:
	case RAS_LOCATION_REQUEST:
		return translate_ras_address(message);
	case RAS_GATEKEEPER_CONFIRM:
		return follow_gatekeeper_confirm(message);
	case RAS_REGISTRATION_REQUEST:
		return follow_registration_request(message);
	case RAS_REGISTRATION_CONFIRM:
		return follow_registration_confirm(message);
	case RAS_UNREGISTRATION_REQUEST:
		return follow_unregistration_request(message);
	case RAS_ADMISSION_REQUEST:
		return follow_admission_request(message);
	case RAS_ADMISSION_CONFIRM:
		return follow_located(message, true);
	case RAS_LOCATION_CONFIRM:
		return follow_located(message, false);
	case RAS_INFO_REQUEST_RESPONSE:
		return translate_ras_address(message) && translate_signal_address(message);
	default:
		return true;
	}
}

static const char *help(struct helping *helping)
{
	struct h323_message message = { .helping = helping };

	if (!payload_of_udp(helping, &message.payload))
		return NULL;
	message.len = message.payload.len;
	if (!per_read(&h323_ras_message, message.payload.bytes, 0, message.len, &message.notes))
		return NULL;
	return follow_message(&message) ? NULL : "helper RAS: cannot process RAS message";
}

const struct helper helper_ras = {
	.name = "RAS",
	.summary = "the gatekeeper of H.323: calls to who registers, calls to who was located",
	.protocols = { PROTOCOL_UDP },
	.has_ipv6 = true,
	.port = 1719,
	.classes = { { "", 32, 240 } },
	.n_classes = 1,
	.help = help,
};
