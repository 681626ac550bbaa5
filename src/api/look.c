/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_look(): a packet as it comes to the host. */
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "base/alloc.h"

int ctreplay_link_type(const struct ctreplay *replay)
{
	const struct packet_source *source = replay->replay.scene.capture.source;

	if (!source)
		source = replay->replay.scene.pushed;
	if (!source)
		return -1;
	return source->link_type == DLT_RAW ? API_LINKTYPE_RAW : source->link_type;
}

/* The frame with the packet that must have come in the place of the one that was captured, `offset` bytes behind its begin. */
static void turn_back(struct api_look *look, const struct packet *packet, size_t offset)
{
	bool is_cut = packet->captured_len < packet->original_len;
	uint32_t len = (uint32_t)offset + packet->len;

	look->frame = alloc_resize(look->frame, len, 1);
	memcpy(look->frame, packet->frame, offset);
	memcpy(look->frame + offset, packet->bytes, packet->len);
	look->arrival.bytes = look->frame;
	look->arrival.len = len;
	if (!is_cut)
		look->arrival.original_len = len;
}

void api_look(struct ctreplay *replay, struct packet *packet)
{
	size_t offset = packet->bytes ? (size_t)(packet->bytes - packet->frame) : 0;
	const struct sighting *sighting = replay_look(&replay->replay, packet);
	bool makes_journey = !sighting->is_left_out && !sighting_is_passed_over(sighting->kind);
	struct api_look *look = &replay->look;

	look->packet = packet;
	look->arrival = (struct ctreplay_arrival){
		.number = packet->number,
		.time_ns = packet->time.ns,
		.unix_ns = replay->view.origin_ns + packet->time.ns,
		.way = !makes_journey ? CTREPLAY_UNKNOWN_WAY : sighting->kind == SIGHTED_SENT ? CTREPLAY_WENT_OUT : CTREPLAY_CAME_IN,
		.interface = makes_journey ? scene_interface(&replay->replay.scene, packet, sighting) : "",
		.bytes = packet->frame, .len = packet->captured_len, .original_len = packet->original_len,
		.is_shown = replay->replay.outputs.is_shown, .was_turned_back = sighting->is_turned_back,
	};
	if (sighting->is_turned_back)
		turn_back(look, packet, offset);
}

void api_go(struct ctreplay *replay)
{
	struct packet *packet = replay->look.packet;

	replay->look.packet = NULL;
	api_account_begin(replay);
	replay_go(&replay->replay, packet);
	api_account_end(replay, packet);
}

const struct ctreplay_arrival *ctreplay_arrival(const struct ctreplay *replay)
{
	return replay->look.packet ? &replay->look.arrival : NULL;
}
