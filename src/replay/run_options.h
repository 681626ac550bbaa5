/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `ctreplay run` was asked to do; other commands that replay share it. */
#ifndef REPLAY_RUN_OPTIONS_H
#define REPLAY_RUN_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/ranges.h"
#include "conntrack/settings.h"
#include "host/simulator.h"
#include "host/topology.h"
#include "replay/options.h"
#include "replay/rules_files.h"
#include "sink/output.h"

enum color_choice { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

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
	struct ranges shown;		/* numbers of the packets that are shown; none: all */
	uint64_t flow;			/* the entry whose packets pictures are to show; 0: everything */
	const char *why_not;		/* a verdict or target that somebody asks about, or NULL */
	enum track_mode track;
	enum color_choice color;
	bool is_quiet, is_strict, is_causal, keeps_tables, zero_counters;
	bool counts_tries;		/* how often each rule was tried is counted too */
	uint64_t seed;
	uint64_t hash_seed;		/* of the connection table: another one in each run, unless --seed says it */
	unsigned n_threads;		/* at most so many: from 2 on formats may have one of their own, from 3 on reading */
};

void run_options_init(struct run_options *options);
void run_options_clear(struct run_options *options);

/* The host as JSON that is in memory, in the place of --host's file. False after an error. */
bool run_options_describe_host(struct run_options *options, const char *name, const char *text, size_t len,
			       struct diagnostics *diagnostics);

/* The first capture that comes as somebody sends it and can be read once alone (standard input, a pipe); NULL: there is none. */
const char *run_options_live_capture(const struct run_options *options);

/* One more output, to a function. */
void run_options_add_function(struct run_options *options, const char *format, output_write *write, void *owner);

/* Once all were added: both lists ascend, and a moment stands in them once. */
void run_options_sort_snapshots(struct snapshot_plan *plan);

/* "31", "31s", "0.5s": seconds with up to nine digits behind the point. */
bool run_options_parse_time(const char *text, struct vtime *time);

#endif
