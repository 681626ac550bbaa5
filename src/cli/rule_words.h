/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules of libctreplay, and where they stand, as every output prints them. */
#ifndef CLI_RULE_WORDS_H
#define CLI_RULE_WORDS_H

#include "api/ctreplay.h"
#include "base/text.h"
#include "sink/json_writer.h"

/* "filter INPUT 2 dns.rules:9" */
void rule_words_print_place(const struct ctreplay_rule *rule, struct text *out);

/* The object that outputs have of a rule. NULL: null. */
void rule_words_add_json(struct json_writer *writer, const char *key, const struct ctreplay_rule *rule);

#endif
