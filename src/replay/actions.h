/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The file of --actions: what an operator does while the packets pass, a line each: a time and a command.
 *
 *   12.5  conntrack -D -p tcp --dport 22
 *   30    iptables-restore new.rules
 *   40    ip link set wan down
 *   41    sysctl -w net.netfilter.nf_conntrack_udp_timeout=5
 *
 * Rules that it names are read and loaded with it, each on top of what was loaded before.
 */
#ifndef REPLAY_ACTIONS_H
#define REPLAY_ACTIONS_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/source.h"
#include "host/operator.h"
#include "rules/ruleset.h"

/* What is loaded anew on the way; a list, newest first. */
struct actions_rules {
	struct source source;
	struct ruleset *file, *loaded;	/* of the file alone, which a later line may borrow; all that is loaded then */
	bool borrows_file;
	struct actions_rules *older;
};

struct actions_file {
	struct source source;
	struct arena arena;
	struct operator_action *actions;	/* owned array */
	size_t n_actions;
	struct map rules[2];		/* IPv4, IPv6: paths to the struct actions_rules that read them */
	struct vtime latest;		/* of the lines read so far, right or wrong */
	struct actions_rules *newest;
};

void actions_file_init(struct actions_file *file);
void actions_file_clear(struct actions_file *file);

/*
 * Reads the file at `path`, which NULL stands for none. `rules` is how rules are to be loaded, `loaded` what is loaded at the
 * beginning and outlives the file. False after errors.
 */
bool actions_file_load(struct actions_file *file, const char *path, const struct ruleset_options *rules,
		       const struct ruleset *loaded, struct diagnostics *diagnostics);

/* actions_conntrack.c: the words behind "conntrack". */
struct lex_words;
bool actions_parse_conntrack(const struct lex_words *words, size_t first, struct operator_action *action,
			     struct diagnostics *diagnostics);

#endif
