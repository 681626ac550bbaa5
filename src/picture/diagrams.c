/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/diagrams.h"

#define ROW(name, kinds, summary) [DIAGRAM_##name] = { #name, summary, draw_##name, sketch_##name },
const struct diagram_type diagram_types[DIAGRAM_KIND_COUNT] = { DIAGRAM_LIST(ROW) };
#undef ROW
