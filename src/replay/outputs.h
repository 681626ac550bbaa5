/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The outputs of a replay: --out FORMAT=FILE each, and the default view. */
#ifndef REPLAY_OUTPUTS_H
#define REPLAY_OUTPUTS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/diag.h"
#include "capture/filter.h"
#include "event/stream.h"
#include "replay/run_options.h"
#include "sink/sink.h"

/* One format at work, and whether the packet at hand is among those that are shown. */
struct shown_sink {
	struct sink sink;
	struct output output;
	const struct outputs *outputs;
};

/* Where "-" goes. */
struct screen {
	FILE *file;
	bool has_color;
	unsigned columns;	/* 0: lines are as long as they are */
	const char *view;	/* a format, as before the "=" of --out: goes there when no --out does; NULL: nothing */
};

enum { OUTPUTS_LINE = 64 };

struct outputs {
	struct shown_sink *sinks;	/* owned */
	size_t n_sinks;
	struct relay *relay;		/* owned: formats are at work in its thread; NULL: in the one that replays */
	atomic_bool is_failed;		/* of outputs_have_failed(), where there is a relay */
	uint8_t apart[OUTPUTS_LINE];	/* of a cache: what is above the relay's thread reads for each event, what is below the other one writes */
	bool is_shown;			/* the packet at hand passed --packets; the run loop sets it */
	bool has_failed_to_open;	/* because of the system, not of the user's words */
};

/* A format of nothing but listings of the table, "FORMAT[,WORD...]=FILE": without any it would stay empty. */
bool outputs_is_of_listings(const char *out);

/*
 * Opens all of them and adds them to the stream. With more than one thread the formats work in one of their own, where it pays: nobody
 * waits for each packet, something is said of each, and all of it can be sent there (replay/relay). `screen` may be NULL. False after an
 * error; nothing stays open then.
 */
bool outputs_open(struct outputs *outputs, const struct run_options *options, const struct screen *screen,
		  struct stream *stream, struct diagnostics *diagnostics);

/* Lets terminals and pipes see what was written so far. */
void outputs_flush(struct outputs *outputs);

/*
 * True when there is no need to go on: a write has failed, or nobody reads any more. One reader that went away (head)
 * does not keep the other outputs from becoming whole.
 */
bool outputs_have_failed(const struct outputs *outputs);

/*
 * Closes all. Incomplete ones leave no file behind, nor does any after a failed write. False after a failure;
 * `diagnostics` tells, but for a reader that went away.
 */
bool outputs_close(struct outputs *outputs, bool is_complete, struct diagnostics *diagnostics);

#endif
