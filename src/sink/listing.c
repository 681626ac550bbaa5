/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/listing.h"

#include <string.h>

void listing_begin(struct listing *listing, const struct event_snapshot *snapshot, struct text *out)
{
	bool is_only = listing->n_snapshots++ == 0 && !strcmp(snapshot->label, "end");

	if (is_only)
		return;
	text_printf(out, listing->is_xml ? "<!-- %s -->\n" : "# %s\n", snapshot->label);
}
