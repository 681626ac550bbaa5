/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulation as one side of a comparison: what a replay of libctreplay says of a packet, and of what happened before it. */
#ifndef CLI_OUR_SIDE_H
#define CLI_OUR_SIDE_H

#include "api/ctreplay.h"
#include "cli/compare.h"
#include "cli/places.h"
#include "packet/packet.h"

/* A packet that comes to the host, decoded; `link_type` as ctreplay_link_type() has it. */
void our_side_decode(const struct ctreplay_arrival *arrival, int link_type, struct packet *packet);

/* As its journey ended: from here on it goes by the addresses that it had then. */
void our_side_settle(const struct ctreplay_packet *told, struct packet *packet);

/* What happened between packets: the kernel heard of it at another time, or not yet. */
void our_side_take_before(struct compare *compare, const struct ctreplay_account *account);

/* What happened to the packet. */
void our_side_take(struct compare *compare, const struct places *places, const struct ctreplay_packet *packet,
		   const struct ctreplay_account *account);

/* The rows of a listing. */
void our_side_take_listing(struct compare *compare, const struct ctreplay_listing *listing);

#endif
