/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/flow.h"

/* The finalizer of splitmix64 (public domain, Vigna): every bit of the input changes half of the output. */
static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * 0xbf58476d1ce4e5b9u;
	sum = (sum ^ sum >> 27) * 0x94d049bb133111ebu;
	return sum ^ sum >> 31;
}

static uint64_t mix_end(const struct packet *packet, const struct address *address, uint16_t port)
{
	uint64_t sum = mix(port + 1u, (uint64_t)address->word[0] << 32 | address->word[1]);

	return packet->family == FAMILY_IPV6 ? mix(sum, (uint64_t)address->word[2] << 32 | address->word[3]) : sum;
}

/* The ends are mixed each by itself, so that neither waits for the other, and their sum is the same for both directions. */
uint64_t flow_key(const struct packet *packet)
{
	uint16_t source_port = packet->has_ports ? packet->source_port : packet->icmp_id;
	uint16_t destination_port = packet->has_ports ? packet->destination_port : packet->icmp_id;

	if (packet->family == FAMILY_NONE)
		return 0;
	return mix(mix_end(packet, &packet->source, source_port) + mix_end(packet, &packet->destination, destination_port),
		   (uint64_t)packet->family << 8 | packet->protocol);
}
