/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the suite parser share, private to suite/. */
#ifndef SUITE_SUITE_PARTS_H
#define SUITE_SUITE_PARTS_H

#include "suite/suite.h"

/* An array of expectations, appended to the case. False after an error. */
bool suite_parse_expectations(struct suite *suite, struct suite_case *suite_case, const struct json_document *document,
			      const cJSON *array);

/* A path as the suite names it, made relative to where the program runs. */
const char *suite_path(struct suite *suite, const char *path);

/* An error about a key that the same object has had before: always false. */
bool suite_refuse_twice(const struct json_document *document, const cJSON *item);

#endif
