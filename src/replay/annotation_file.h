/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --annotations FILE: what the capture does not say, told for packets that a tcpdump filter chooses. A line is
 * "NAME=VALUE... [FILTER]"; the first line that tells something of a packet counts. docs/annotations.md.
 */
#ifndef REPLAY_ANNOTATION_FILE_H
#define REPLAY_ANNOTATION_FILE_H

#include "base/arena.h"
#include "base/diag.h"
#include "base/source.h"
#include "capture/filter.h"
#include "rules/annotation.h"

struct annotation_line;

struct annotation_file {
	struct annotation_source annotations;	/* first: rules ask through it */
	struct source source;
	struct arena arena;
	struct annotation_line *lines;		/* owned by the arena; their filters are not */
};

/* False after errors, which point into the file. Clear it either way. `link_type`: libpcap's DLT_ of the capture. */
bool annotation_file_open(struct annotation_file *file, const char *path, int link_type, struct filter_room *room,
			  struct diagnostics *diagnostics);
void annotation_file_clear(struct annotation_file *file);

#endif
