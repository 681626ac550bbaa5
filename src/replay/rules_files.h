/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules files named on the command line: read, then loaded as one ruleset; and the file of timeout policies that they name. */
#ifndef REPLAY_RULES_FILES_H
#define REPLAY_RULES_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/source.h"
#include "conntrack/timeout_policy.h"
#include "packet/address.h"
#include "rules/ipset/ipset.h"
#include "rules/ruleset.h"

/* The timeout policies that rules may name, and the file that they are read from. */
struct policies_file {
	const char *path;		/* borrowed from argv; NULL: none was given */
	struct source source;
	struct timeout_policies policies;
};

void policies_file_init(struct policies_file *file);
void policies_file_clear(struct policies_file *file);

/* The value of --timeouts; false after an error. */
bool policies_file_name(struct policies_file *file, const char *path, struct diagnostics *diagnostics);

/* Reads it, if there is one. `settings` are what policies leave as it is. False after an error. */
bool policies_file_load(struct policies_file *file, const struct conntrack_settings *settings,
			struct diagnostics *diagnostics);

struct rules_files {
	struct rules_file {
		const char *path;	/* borrowed from argv; "-" for standard input; NULL: `source` is there already */
		enum family family;	/* FAMILY_NONE: found from the content */
		struct source source;
	} *files;			/* owned */
	size_t n_files;
	struct set_file {
		const char *path;	/* likewise */
		struct source source;
	} *set_files;			/* owned; what --ipset names */
	size_t n_set_files;
	struct ipsets *sets;		/* owned; what they say, once loaded; NULL: there are none */
};

void rules_files_init(struct rules_files *files);
void rules_files_clear(struct rules_files *files);
void rules_files_add(struct rules_files *files, const char *path, enum family family);

/* Rules that are in memory. */
void rules_files_add_text(struct rules_files *files, const char *name, const char *text, size_t len, enum family family);

/* A file of `ipset save` lines for the rules' sets. */
void rules_files_add_sets(struct rules_files *files, const char *path);
void rules_files_add_sets_text(struct rules_files *files, const char *name, const char *text, size_t len);

/* Reads and loads them, sets first. NULL after an error. The files must outlive the ruleset. */
struct ruleset *rules_files_load(struct rules_files *files, const struct ruleset_options *options,
				 struct diagnostics *diagnostics);

/* Reads a whole text file ("-": standard input) into a source. False after an error. */
bool rules_files_read(const char *path, struct source *source, struct diagnostics *diagnostics);

#endif
