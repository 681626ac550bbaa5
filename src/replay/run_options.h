/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `ctreplay run` was asked to do; other commands that replay share it. */
#ifndef REPLAY_RUN_OPTIONS_H
#define REPLAY_RUN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "conntrack/settings.h"
#include "host/simulator.h"
#include "host/topology.h"
#include "replay/options.h"
#include "replay/rules_files.h"
#include "sink/output.h"

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct packet_range { uint64_t first, last; };

/* What goes to standard output when no --out does. */
struct run_view {
	const char *format;		/* "text", "explain,full": as before the "=" of --out; NULL: nothing goes there */
	const char *why_not;		/* a verdict or target that somebody asks about, or NULL */
	uint64_t flow, packet;		/* what a picture is to show; 0: everything, the first */
};

/* An output that goes to a function. */
struct run_function {
	const char *format;		/* as before the "=" of --out; borrowed */
	output_write *write;
	void *owner;
};

enum { RUN_MOST_THREADS = 3 };

struct run_options {
	const char *capture;		/* path or "-"; NULL: not given; of several the first */
	const char **captures;		/* all of them, borrowed from argv; owned array */
	size_t n_captures;
	struct rules_files rules;
	struct policies_file policies;
	const char *actions;		/* file of what an operator does meanwhile, or NULL */
	const char *host;		/* file that describes the host, or NULL */
	struct source host_source;	/* its text: messages point into it */
	struct topology topology;	/* what --host, --local and --route said; not finished */
	struct conntrack_settings settings;
	struct limits limits;
	struct snapshot_plan snapshots;	/* owns at and after_packets */
	const char **captured_on;	/* interfaces, borrowed from argv; owned array */
	size_t n_captured_on;
	const char **outs;		/* "FORMAT=FILE", borrowed from argv; owned array */
	size_t n_outs;
	struct run_function *functions;	/* outputs that go to functions; owned array */
	size_t n_functions;
	const char *annotations;	/* path, or NULL */
	const char *packets;		/* tcpdump filter of what is shown, or NULL */
	struct packet_range *ranges;	/* numbers of the packets that are shown; none: all; owned */
	size_t n_ranges;
	bool stops_early;		/* nothing is replayed behind the last packet that is shown, unless --out wants it */
	struct run_view view;
	enum track_mode track;
	enum color_choice color;
	bool is_confined;	/* nothing is opened any more once packets are replayed: the command has all it needs */
	bool is_quiet, is_strict, is_causal, keeps_tables, zero_counters;
	bool counts_tries;		/* how often each rule was tried is counted too */
	uint64_t seed;
	uint64_t hash_seed;		/* of the connection table: another one in each run, unless --seed says it */
	unsigned wanted_threads;	/* by the user; 0: it was not said */
	unsigned n_threads;		/* at most so many: from 2 on formats may have one of their own, from 3 on reading; 0: as 1 */
};

extern const struct cli_option_table run_option_table;

void run_options_init(struct run_options *options);
void run_options_clear(struct run_options *options);

/* The host as JSON that is in memory, in the place of --host's file. False after an error. */
bool run_options_describe_host(struct run_options *options, const char *name, const char *text, size_t len,
			       struct diagnostics *diagnostics);

/* The first capture that comes as somebody sends it and can be read once alone (standard input, a pipe); NULL: there is none. */
const char *run_options_live_capture(const struct run_options *options);

/* One more output, to a function. */
void run_options_add_function(struct run_options *options, const char *format, output_write *write, void *owner);

/* "31", "31s", "0.5s": seconds with up to nine digits behind the point. */
bool run_options_parse_time(const char *text, struct vtime *time);

#endif
