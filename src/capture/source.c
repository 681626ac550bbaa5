/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/source.h"

#include <string.h>

enum packet_source_result packet_source_next(struct packet_source *source, struct packet *packet)
{
	return source->next(source, packet);
}

void packet_source_mark(struct packet_source *source)
{
	if (source->mark)
		source->mark(source);
}

bool packet_source_resume(struct packet_source *source)
{
	return !source->resume || source->resume(source);
}

void packet_source_close(struct packet_source *source)
{
	if (source)
		source->close(source);
}

void packet_source_stamp(struct packet_source *source, struct packet *packet, int64_t absolute_ns)
{
	int64_t since_first;

	if (source->n_packets++ == 0)
		source->origin_ns = absolute_ns;
	since_first = absolute_ns - source->origin_ns;
	/* Time never runs backwards: timers have been run up to the latest. */
	if (since_first < source->latest.ns && source->n_backwards++ == 0)
		source->first_backwards = source->n_packets;
	if (since_first > source->latest.ns)
		source->latest.ns = since_first;
	packet->time = source->latest;
	packet->number = source->n_packets;
	packet->is_checksum_trusted = false;
	memset(&packet->link, 0, sizeof(packet->link));
	if (packet->original_len < packet->captured_len)
		packet->original_len = packet->captured_len;
	if (packet->captured_len < packet->original_len)
		source->n_cut++;
}
