/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The registry of trackers; the list is made from sources.am. */
#include "conntrack/tracker.h"

#define REGISTER(stem) extern const struct tracker tracker_##stem;
#include "registry_trackers.inc"
#undef REGISTER

#define REGISTER(stem) &tracker_##stem,
static const struct tracker *const trackers[] = {
#include "registry_trackers.inc"
	NULL,
};
#undef REGISTER

extern const struct tracker tracker_generic;

const struct tracker *tracker_find(uint8_t protocol, enum profile profile)
{
	if (protocol == PROTOCOL_DCCP && !profile_value(profile, PROFILE_TRACKS_DCCP))
		return &tracker_generic;
	for (const struct tracker *const *tracker = trackers; *tracker; tracker++)
		if ((*tracker)->protocol == protocol && protocol != 0)
			return *tracker;
	return &tracker_generic;
}

uint8_t tracker_number(const struct tracker *tracker)
{
	uint8_t number = 0;

	while (trackers[number] != tracker)
		number++;
	return number;
}

const struct tracker *connection_tracker(const struct connection *connection)
{
	return trackers[connection->tracker];
}

const struct tracker *const *tracker_all(void)
{
	return trackers;
}
