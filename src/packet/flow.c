/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/flow.h"

/* The finalizer of splitmix64 (public domain, Vigna): every bit of the input changes half of the output. */
static uint64_t mix(uint64_t sum, uint64_t value)
{
	sum = (sum ^ value) * 0xbf58476d1ce4e5b9u;
	sum = (sum ^ sum >> 27) * 0x94d049bb133111ebu;
	return sum ^ sum >> 31;
}

static uint64_t mix_end(uint64_t sum, const struct address *address, uint16_t port)
{
	sum = mix(sum, (uint64_t)address->word[0] << 32 | address->word[1]);
	sum = mix(sum, (uint64_t)address->word[2] << 32 | address->word[3]);
	return mix(sum, (uint64_t)port + 1);
}

uint64_t flow_key(const struct packet *packet)
{
	uint16_t source_port = packet->has_ports ? packet->source_port : packet->icmp_id;
	uint16_t destination_port = packet->has_ports ? packet->destination_port : packet->icmp_id;
	int order = address_compare(&packet->source, &packet->destination);
	uint64_t sum = mix(packet->family, packet->protocol);

	if (packet->family == FAMILY_NONE)
		return 0;
	if (order < 0 || (order == 0 && source_port < destination_port)) {
		sum = mix_end(sum, &packet->source, source_port);
		return mix_end(sum, &packet->destination, destination_port);
	}
	sum = mix_end(sum, &packet->destination, destination_port);
	return mix_end(sum, &packet->source, source_port);
}
