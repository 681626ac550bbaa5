/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats that what the engine says is written in.
 *
 * One format is one file in sink/ with one exported constant sink_<stem>, listed in
 * sources.am: what it is called, which kinds of event it wants, and three functions. A
 * format never fails and never knows where its bytes go: it appends to an output. The
 * user chooses formats with --out NAME[,WORD...]=FILE; WORDs are the format's variants,
 * "conntrack,extended,id" for instance.
 */
#ifndef SINK_SINK_H
#define SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "event/stream.h"
#include "sink/output.h"

/* A variant of a format. A table of them ends with a name of NULL. */
struct sink_word {
	const char *name;	/* "extended" */
	uint32_t flag;		/* one bit of sink_options.words, the format's own */
	uint32_t kinds;		/* EVENT_BIT()s that are wanted because of it, besides the format's */
	const char *summary;
};

struct sink_options {
	bool color;		/* the output is a terminal that shows colours */
	bool quiet;		/* --quiet: the summary alone, where a format has one */
	unsigned columns;	/* width of the terminal; 0: lines are as long as they are */
	uint32_t words;		/* flags of the format's words */
	const char *why_not;	/* for explain: the verdict or target that somebody asks about; NULL: nobody does */
	uint64_t flow;		/* for pictures: the entry whose packets are meant; 0: all */
};

struct sink_type {
	const char *name;
	const char *summary;		/* for `ctreplay list formats` */
	uint32_t kinds;			/* EVENT_BIT()s that are always wanted */
	uint32_t quiet_kinds;		/* those that are left with --quiet; 0: --quiet changes nothing */
	uint32_t hidden_kinds;		/* among them: wanted even of packets that --packets does not show */
	bool wants_left;		/* it looks at a packet as it left, too: as_left and split of event_packet, else NULL */
	bool wants_frames;		/* it looks at bytes of each packet of EVENT_PACKET; else they are there where summary_print() needs them */
	const struct sink_word *words;	/* or NULL */
	const char *(*refuse)(uint32_t words);	/* why these words cannot stand together; NULL result: they can; may be NULL */

	/* The format's own state, on the heap. `output` lives longer. */
	void *(*open)(const struct sink_options *options, struct output *output);
	void (*on_event)(void *state, const struct event *event);
	/* Writes what stands at the end, and frees the state. */
	void (*close)(void *state);
};

/* One format at work. */
struct sink {
	const struct sink_type *type;
	void *state;
	struct output *output;	/* borrowed */
	uint32_t kinds;
};

/* The format of a name, NULL when there is none; all of them in order of name, NULL-terminated. */
const struct sink_type *sink_find(const char *name);
const struct sink_type *const *sink_all(void);

/*
 * Parses "NAME[,WORD...]", without the "=FILE". Sets the words in `options`. False:
 * `error` tells what is unknown and what it may have been.
 */
bool sink_parse(const char *text, const struct sink_type **type, struct sink_options *options, struct text *error);

/* Starts a format. `output` is open, and stays the caller's. */
void sink_open(struct sink *sink, const struct sink_type *type, const struct sink_options *options,
	       struct output *output);

/* A stream_listener whose owner is a struct sink; listen to `sink->kinds`. Silent once the output has failed. */
void sink_listen(void *sink, const struct event *event);

/* Ends the format; closing the output is the caller's. */
void sink_close(struct sink *sink);

#endif
