/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names in tcpdump's filter language. libpcap asks the system about them: name servers, /etc/services, /etc/protocols, /etc/ethers.
 * Here services and protocols come from constant tables, and nothing else is looked up: the same filter is the same everywhere, and
 * nothing goes out.
 */
#ifndef CAPTURE_FILTER_NAMES_H
#define CAPTURE_FILTER_NAMES_H

#include <stdbool.h>

#include "base/text.h"

/*
 * Writes the expression with numbers for its names to `settled`. False, with `error`, where a name would have to be looked up, or is
 * known to no table. What is no filter at all is left for libpcap to say.
 */
bool filter_settle_names(const char *expression, struct text *settled, struct text *error);

#endif
