/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules files named on the command line: read, then loaded as one ruleset. */
#ifndef CLI_RULES_FILES_H
#define CLI_RULES_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/diag.h"
#include "base/source.h"
#include "packet/address.h"
#include "rules/ipset/ipset.h"
#include "rules/ruleset.h"

struct rules_files {
	struct rules_file {
		const char *path;	/* borrowed from argv; "-" for standard input */
		enum family family;	/* FAMILY_NONE: found from the content */
		struct source source;
	} *files;			/* owned */
	size_t n_files;
	struct set_file {
		const char *path;
		struct source source;
	} *set_files;			/* owned; what --ipset names */
	size_t n_set_files;
	struct ipsets *sets;		/* owned; what they say, once loaded; NULL: there are none */
};

void rules_files_init(struct rules_files *files);
void rules_files_clear(struct rules_files *files);
void rules_files_add(struct rules_files *files, const char *path, enum family family);

/* A file of `ipset save` lines for the rules' sets. */
void rules_files_add_sets(struct rules_files *files, const char *path);

/* Reads and loads them, sets first. NULL after an error. The files must outlive the ruleset. */
struct ruleset *rules_files_load(struct rules_files *files, const struct ruleset_options *options,
				 struct diagnostics *diagnostics);

/* Reads a whole text file ("-": standard input) into a source. False after an error. */
bool rules_files_read(const char *path, struct source *source, struct diagnostics *diagnostics);

#endif
