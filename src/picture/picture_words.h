/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words and inks that several pictures share. */
#ifndef PICTURE_PICTURE_WORDS_H
#define PICTURE_PICTURE_WORDS_H

#include "base/text.h"
#include "picture/canvas.h"
#include "picture/tale.h"

enum { PICTURE_WIDTH = 1280, PICTURE_MARGIN = 28 };

enum ink picture_ink_of_verdict(enum verdict verdict);
enum ink picture_ink_of_ctstate(enum ctstate ctstate);

/* The ink and the pattern of an entry's bar: by its protocol state, or by how far a stateless one has come. */
struct look picture_look_of_state(const char *state, uint32_t status);

/* "ESTABLISHED"; for protocols without states "unreplied", "replied", "assured". */
const char *picture_words_state(const char *state, uint32_t status);

/* "12.5 s", "830 ms", "2 h 5 min": what a reader remembers. */
void picture_words_print_duration(int64_t ns, struct text *out);

/* Seconds with three digits or more, so that two different times of one picture differ: "31.000", "0.000451". */
void picture_words_print_time(struct vtime time, struct text *out);

/* "#1 new · 30 s", "#2 SYN_SENT → SYN_RECV · 60 s", "no entry" */
void picture_words_print_entry(const struct tale_packet *packet, struct text *out);

/* "filter INPUT 1", "no rule", or the reason why no rule was asked. */
void picture_words_print_decision(const struct tale_packet *packet, struct text *out);

/* "office.rules:12": in a picture there is no room for folders. */
void picture_words_print_place(const struct rule_place *place, struct text *out);

/* Title and subtitle in the upper left corner, and what they say to those who do not see it. */
void picture_head(struct canvas *canvas, const struct tale *tale, const char *title);

/* Where there is nothing to draw: a picture that says so. */
void picture_nothing(struct canvas *canvas, const struct tale *tale, const char *title, const char *sentence);

#endif
