/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/text_summary.h"

#include "sink/time_print.h"

enum { MILLISECOND_DIGITS = 3 };

static void append_count(struct text *out, uint64_t n, const char *one, const char *many)
{
	text_append_u64(out, n);
	text_append_char(out, ' ');
	text_append(out, n == 1 ? one : many);
}

/* "8 ACCEPT, 3 DROP": those that are not zero. */
static void append_item(struct text *out, bool *is_first, uint64_t n, const char *name)
{
	if (!n)
		return;
	if (!*is_first)
		text_append(out, ", ");
	*is_first = false;
	append_count(out, n, name, name);
}

static void print_verdicts(const struct event_summary *summary, struct text *out)
{
	bool is_first = true;

	text_append(out, "  Verdicts  ");
	for (unsigned verdict = VERDICT_ACCEPT; verdict < VERDICT_COUNT; verdict++)
		append_item(out, &is_first, summary->n_verdicts[verdict], verdict_name(verdict));
	append_item(out, &is_first, summary->n_not_ip, "not IP");
	text_append(out, is_first ? "none\n" : "\n");
}

static void print_ctstates(const struct event_summary *summary, struct text *out)
{
	bool is_first = true;

	text_append(out, "  ctstates  ");
	for (unsigned ctstate = CTSTATE_NEW; ctstate < CTSTATE_COUNT; ctstate++)
		append_item(out, &is_first, summary->n_ctstates[ctstate], ctstate_name(ctstate));
	append_item(out, &is_first, summary->n_ctstates[CTSTATE_INVALID], ctstate_name(CTSTATE_INVALID));
	text_append(out, is_first ? "none\n" : "\n");
}

static void print_entries(const struct event_summary *summary, struct text *out)
{
	text_append(out, "  Entries   ");
	append_count(out, summary->n_created, "created", "created");
	text_append(out, ", ");
	append_count(out, summary->n_expired, "expired", "expired");
	text_append(out, ", ");
	if (summary->n_destroyed) {
		append_count(out, summary->n_destroyed, "destroyed", "destroyed");
		text_append(out, ", ");
	}
	append_count(out, summary->n_live, "still there\n", "still there\n");
}

static void print_tracking(const struct event_summary *summary, struct text *out)
{
	const bool *anyway = summary->is_tracked_anyway;

	if (anyway[0] || anyway[1])
		text_printf(out, "  Tracking  no %srule asks for it: a kernel with these rules alone would keep no entries (--track auto)\n",
			    anyway[0] && anyway[1] ? "" : anyway[0] ? "IPv4 " : "IPv6 ");
}

static void print_warnings(const struct event_summary *summary, struct text *out)
{
	if (summary->n_backwards) {
		text_append(out, "  Warning: time ran backwards before ");
		append_count(out, summary->n_backwards, "packet, which was", "packets, which were");
		text_append(out, " taken to come right after the one before.\n");
	}
	if (summary->n_cut) {
		text_append(out, "  Warning: ");
		append_count(out, summary->n_cut, "packet was", "packets were");
		text_append(out, " cut short by the capture: rules saw only what is there.\n");
	}
	if (summary->n_unsimulated) {
		text_append(out, "  Warning: ");
		append_count(out, summary->n_unsimulated, "verdict depends", "verdicts depend");
		text_append(out, " on rules that could not be simulated; they are marked with a ?.\n");
	}
}

static void print_sightings(const struct event_summary *summary, struct text *out)
{
	if (!summary->n_copies && !summary->n_compared)
		return;
	text_append(out, "  On the way out  ");
	append_count(out, summary->n_compared, "packet was compared", "packets were compared");
	text_append(out, " with the prediction: ");
	if (summary->n_differences)
		append_count(out, summary->n_differences, "differs", "differ");
	else
		text_append(out, "no difference");
	if (summary->n_turned_back) {
		text_append(out, "; ");
		append_count(out, summary->n_turned_back, "was", "were");
		text_append(out, " turned back into what came in");
	}
	text_append(out, "\n");
}

static void print_phantoms(const struct event_summary *summary, struct text *out)
{
	if (!summary->n_phantoms)
		return;
	text_append(out, "  Phantoms  ");
	append_count(out, summary->n_phantoms, "packet answers", "packets answer");
	text_append(out, " what these rules drop");
	text_append(out, summary->n_left_out ? ": left out.\n" : "; --causal leaves such packets out.\n");
}

void text_summary_print(const struct event_summary *summary, struct text *out)
{
	append_count(out, summary->n_packets, "packet", "packets");
	text_append(out, " in ");
	time_print(summary->duration, MILLISECOND_DIGITS, out);
	text_append(out, " s\n");
	print_verdicts(summary, out);
	print_ctstates(summary, out);
	print_entries(summary, out);
	print_phantoms(summary, out);
	print_tracking(summary, out);
	print_sightings(summary, out);
	print_warnings(summary, out);
}
