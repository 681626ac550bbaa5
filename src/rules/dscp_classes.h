/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of differentiated services code points (RFC 2474, 2597, 3246), for -m dscp and -j DSCP. */
#ifndef RULES_DSCP_CLASSES_H
#define RULES_DSCP_CLASSES_H

#include "rules/extension.h"

enum { DSCP_MOST = 63, DSCP_SHIFT = 2 };

/* "EF" to 46; false after an error. */
bool dscp_classes_parse(const struct argument *value, uint32_t *dscp, struct diagnostics *diagnostics);

#endif
