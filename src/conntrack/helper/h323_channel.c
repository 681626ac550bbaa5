/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The logical channels that H.245 opens: RTP and RTCP, two UDP ports in a row, and T.120 over TCP.
 * Linux 6.18, process_olc(), process_olca(), expect_rtp_rtcp(), expect_t120(), nat_rtp_rtcp(), nat_t120().
 */
#include "conntrack/helper/h323.h"

/* The slot of h323_memory for an RTP port: its own, or the first free one; H323_RTP_CHANNELS: there is none. */
static unsigned find_slot(const struct h323_message *message, uint16_t rtp_port)
{
	const struct h323_memory *memory = h323_memory(message);
	unsigned i = 0;

	while (i < H323_RTP_CHANNELS && memory->rtp_port[i][message->helping->direction] != rtp_port &&
	       memory->rtp_port[i][message->helping->direction] != 0)
		i++;
	return i;
}

/* Files both at the first pair of free ports from the one on that they name; 0: none was found. */
static uint16_t expect_at_free_pair(struct h323_message *message, struct expectation *rtp, struct expectation *rtcp)
{
	struct helping *helping = message->helping;

	for (uint32_t port = rtp->tuple.destination_port; port && port <= UINT16_MAX; port += 2) {
		enum expectation_answer answer;

		rtp->tuple.destination_port = (uint16_t)port;
		rtcp->tuple.destination_port = (uint16_t)(port + 1);
		answer = expectation_add_pair(helping->conntrack, rtp, rtcp, false, helping->now);
		if (answer == EXPECTATION_ADDED)
			return (uint16_t)port;
		if (answer != EXPECTATION_BUSY)
			return 0;
	}
	return 0;
}

static bool expect_translated_pair(struct h323_message *message, const struct per_note *note, uint16_t port,
				   struct expectation *rtp, struct expectation *rtcp)
{
	enum direction direction = message->helping->direction;
	struct h323_memory *memory = h323_memory(message);
	uint16_t rtp_port = rtp->tuple.destination_port, public_port;
	unsigned slot = find_slot(message, rtp_port);

	if (slot == H323_RTP_CHANNELS)
		return true;
	payload_follow_master(rtp, direction_other(direction));
	payload_follow_master(rtcp, direction_other(direction));
	public_port = expect_at_free_pair(message, rtp, rtcp);
	if (!public_port)
		return true;
	if (!h323_write_public_endpoint(message, note, public_port | (port & 1))) {
		h323_take_back(message, rtp);
		h323_take_back(message, rtcp);
		return false;
	}
	memory->rtp_port[slot][direction] = rtp_port;
	memory->rtp_port[slot][direction_other(direction)] = public_port;
	return true;
}

static bool expect_media(struct h323_message *message, const struct per_note *note)
{
	const struct address *destination = &h323_other(message)->destination;
	struct h323_endpoint endpoint;
	struct expectation rtp, rtcp;

	if (!h323_read_endpoint(message, note, &endpoint) || endpoint.port == 0 ||
	    !address_is_equal(&endpoint.address, &h323_own(message)->source))
		return true;
	h323_expect_from_other(message, &rtp, PROTOCOL_UDP, destination, endpoint.port & 0xfffe);
	h323_expect_from_other(message, &rtcp, PROTOCOL_UDP, destination, endpoint.port | 1);
	if (h323_is_sender_translated(message))
		return expect_translated_pair(message, note, endpoint.port, &rtp, &rtcp);
	if (!h323_add_expectation(message, &rtp))
		return false;
	if (h323_add_expectation(message, &rtcp))
		return true;
	h323_take_back(message, &rtp);
	return false;
}

static bool expect_t120(struct h323_message *message, const struct per_note *note)
{
	struct h323_endpoint endpoint;
	struct expectation wanted;
	uint16_t port;

	if (!h323_read_endpoint(message, note, &endpoint) || endpoint.port == 0 ||
	    !address_is_equal(&endpoint.address, &h323_own(message)->source))
		return true;
	h323_expect_from_other(message, &wanted, PROTOCOL_TCP, &h323_other(message)->destination, endpoint.port);
	wanted.flags = EXPECTATION_PERMANENT;	/* of several connections */
	if (!h323_is_sender_translated(message))
		return h323_add_expectation(message, &wanted);
	payload_follow_master(&wanted, direction_other(message->helping->direction));
	port = payload_expect_at_free_port(message->helping, &wanted);
	if (!port || h323_write_public_endpoint(message, note, port))
		return true;
	h323_take_back(message, &wanted);
	return false;
}

static bool belongs_to_channel(const struct per_note *note)
{
	return note->role == H323_MEDIA || note->role == H323_DATA_PROTOCOL || note->role == H323_STACK;
}

bool h323_expect_channel(struct h323_message *message, size_t at)
{
	const struct per_notes *notes = &message->notes;
	bool has_stack = notes->list[at].role == H323_CHANNEL_ACK;
	const struct per_note *stack = NULL;

	for (size_t i = at + 1; i < notes->n && belongs_to_channel(&notes->list[i]); i++) {
		const struct per_note *note = &notes->list[i];

		if (note->role == H323_MEDIA && !expect_media(message, note))
			return false;
		if (note->role == H323_DATA_PROTOCOL)
			has_stack = note->value == DATA_PROTOCOL_SEPARATE_LAN_STACK;
		else if (note->role == H323_STACK)
			stack = note;
	}
	return !(stack && has_stack) || expect_t120(message, stack);
}
