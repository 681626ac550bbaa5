/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/pushed.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"

struct pushed_name {
	const char *name;
	struct pushed_name *older;
};

struct pushed {
	struct packet_source source;	/* first: the two are one object */
	struct pushed_frame frame;
	bool has_frame;
	struct arena arena;
	struct pushed_name *names;	/* of interfaces: they live as long as the source */
};

static const char *keep_name(struct pushed *pushed, const char *name)
{
	struct pushed_name *kept = pushed->names;

	while (kept && strcmp(kept->name, name) != 0)
		kept = kept->older;
	if (!kept) {
		kept = arena_alloc(&pushed->arena, sizeof(*kept));
		*kept = (struct pushed_name){ .name = arena_copy_string(&pushed->arena, name), .older = pushed->names };
		pushed->names = kept;
	}
	return kept->name;
}

static enum packet_source_result next(struct packet_source *source, struct packet *packet)
{
	struct pushed *pushed = (struct pushed *)source;
	const struct pushed_frame *frame = &pushed->frame;

	if (!pushed->has_frame)
		return PACKET_SOURCE_END;
	pushed->has_frame = false;
	packet->frame = frame->bytes;
	packet->captured_len = frame->len;
	packet->original_len = frame->original_len;
	packet_source_stamp(source, packet, frame->absolute_ns);
	packet->link.direction = frame->direction;
	packet->link.interface_name = frame->interface ? keep_name(pushed, frame->interface) : NULL;
	return PACKET_SOURCE_PACKET;
}

static void close_pushed(struct packet_source *source)
{
	struct pushed *pushed = (struct pushed *)source;

	arena_clear(&pushed->arena);
	text_clear(&source->error);
	free(pushed);
}

struct packet_source *pushed_open(int link_type)
{
	struct pushed *pushed = alloc_zeroed(1, sizeof(*pushed));

	pushed->source = (struct packet_source){ .next = next, .close = close_pushed, .link_type = link_type, .is_live = true };
	text_init(&pushed->source.error);
	arena_init(&pushed->arena);
	return &pushed->source;
}

void pushed_put(struct packet_source *source, const struct pushed_frame *frame)
{
	struct pushed *pushed = (struct pushed *)source;

	assert(!pushed->has_frame);
	pushed->frame = *frame;
	pushed->has_frame = true;
}

void pushed_wait(struct packet_source *source, struct vtime until)
{
	if (source->n_packets && vtime_is_before(source->latest, until))
		source->latest = until;
}
