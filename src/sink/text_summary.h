/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The last lines of the default view: what happened in all. */
#ifndef SINK_TEXT_SUMMARY_H
#define SINK_TEXT_SUMMARY_H

#include "base/text.h"
#include "event/event.h"

void text_summary_print(const struct event_summary *summary, struct text *out);

#endif
