/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kinds of diagrams there are: one list, by which the command line, the formats and the report know them. One kind
 * is one file draw_<name>.c, and one sketch_<name>.c for the terminal.
 */
#ifndef PICTURE_DIAGRAMS_H
#define PICTURE_DIAGRAMS_H

#include <stdint.h>

#include "base/text.h"
#include "picture/canvas.h"
#include "picture/tale.h"

/* Events that every tale wants. */
#define DIAGRAM_COMMON_KINDS \
	(EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_SUMMARY))

#define DIAGRAM_STORY_KINDS \
	(EVENT_BIT(EVENT_HOOK) | EVENT_BIT(EVENT_RULE) | EVENT_BIT(EVENT_LOG) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_LOOKUP) | \
	 EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP))

/* X(name, events that its tale wants besides the common ones, summary) */
#define DIAGRAM_LIST(X) \
	X(sequence, EVENT_BIT(EVENT_REPLY), "packet by packet between life lines, with states and verdicts") \
	X(lifelines, 0, "every entry over time: its states, refills and end") \
	X(path, DIAGRAM_STORY_KINDS, "one packet through hooks, tables and rules") \
	X(nat, 0, "an entry's two tuples beside the packets that it translates") \
	X(bucket, EVENT_BIT(EVENT_BUCKET), "levels of the buckets of limit and hashlimit") \
	X(occupancy, 0, "entries in the table and packets by verdict, over time") \
	X(states, EVENT_BIT(EVENT_LOOKUP), "a flow's steps through its protocol's states")

#define DIAGRAM_ENUM(name, kinds, summary) DIAGRAM_##name,
enum diagram_kind { DIAGRAM_LIST(DIAGRAM_ENUM) DIAGRAM_KIND_COUNT };
#undef DIAGRAM_ENUM

#define DIAGRAM_PROTOTYPES(name, kinds, summary) \
	void draw_##name(const struct tale *tale, struct canvas *canvas); \
	void sketch_##name(const struct tale *tale, unsigned columns, struct text *out);
DIAGRAM_LIST(DIAGRAM_PROTOTYPES)
#undef DIAGRAM_PROTOTYPES

struct diagram_type {
	const char *name;		/* "sequence" */
	const char *summary;
	void (*draw)(const struct tale *tale, struct canvas *canvas);
	/* For a terminal of so many columns. */
	void (*sketch)(const struct tale *tale, unsigned columns, struct text *out);
};

extern const struct diagram_type diagram_types[DIAGRAM_KIND_COUNT];

#endif
