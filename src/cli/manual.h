/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The manual of a command: what stands in docs/commands, which is put into the program by the build, with what the tables know (synopsis,
 * options) in its place. `ctreplay help COMMAND` prints it; manual pages and the site are made of the same.
 *
 * The pages are markdown of a simple kind: headings, paragraphs, lists, ```console blocks, `code`, **bold** and links. A line
 * "<!-- options -->" is where the options stand.
 */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include "base/text.h"
#include "cli/cli.h"

enum manual_form {
	MANUAL_FOR_TERMINAL,
	MANUAL_AS_MARKDOWN,	/* beginning with "<!-- man: NAME SECTION SUMMARY -->" */
};

void manual_print(const struct command *command, enum manual_form form, struct text *out);

#endif
