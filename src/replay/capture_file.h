/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -r names: a capture, or a packet script (its first line says "# ctreplay packets"). */
#ifndef REPLAY_CAPTURE_FILE_H
#define REPLAY_CAPTURE_FILE_H

#include "base/diag.h"
#include "base/source.h"
#include "base/text.h"
#include "capture/script.h"
#include "capture/source.h"

struct capture_file {
	struct packet_source *source;	/* owned; NULL when it could not be opened */
	struct source text;		/* of a packet script: what messages point into */
	struct script script;
	bool is_script;
	struct capture_file *parts;	/* owned; of several captures that are replayed as one, else NULL */
	size_t n_parts;
};

/* True when the file's first line says that it is a packet script. */
bool capture_file_is_script(const char *path);

/* False after an error, told in `diagnostics`, which must be cleared before capture_file_close(). */
bool capture_file_open(struct capture_file *file, const char *path, const struct limits *limits, struct diagnostics *diagnostics);

/* Several, merged by time; one alone as capture_file_open() does it. */
bool capture_file_open_all(struct capture_file *file, const char *const *paths, size_t n, const struct limits *limits,
			   struct diagnostics *diagnostics);

/* A packet script that is in memory already; it becomes the file's. */
bool capture_file_open_text(struct capture_file *file, const char *name, const struct text *script, const struct limits *limits,
			    struct diagnostics *diagnostics);

void capture_file_close(struct capture_file *file);

#endif
