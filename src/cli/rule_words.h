/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and flows of libctreplay as every output prints them. */
#ifndef CLI_RULE_WORDS_H
#define CLI_RULE_WORDS_H

#include "api/ctreplay.h"
#include "base/text.h"
#include "sink/json_writer.h"

/* "filter INPUT 2 dns.rules:9" */
void rule_words_print_place(const struct ctreplay_rule *rule, struct text *out);

/* "filter INPUT 2", "filter INPUT policy"; and "dns.rules:9", nothing when it stands in no file. */
void rule_words_print_name(const struct ctreplay_rule *rule, struct text *out);
void rule_words_print_file(const struct ctreplay_rule *rule, struct text *out);

/* "udp 192.168.1.2:35237 > 192.168.1.10:53"; and without the protocol. */
void rule_words_print_flow(const struct ctreplay_tuple *tuple, struct text *out);
void rule_words_print_ends(const struct ctreplay_tuple *tuple, struct text *out);

/* The object that outputs have of a rule. NULL: null. */
void rule_words_add_json(struct json_writer *writer, const char *key, const struct ctreplay_rule *rule);

#endif
