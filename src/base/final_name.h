/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a file belongs that is written beside its place and takes its name at the end. */
#ifndef BASE_FINAL_NAME_H
#define BASE_FINAL_NAME_H

/*
 * The name behind all symbolic links, so that these stay; the path itself where nothing is there yet. Whoever calls frees it. NULL where
 * a new name would take the place of a link: it leads nowhere, or to a file without a name (/dev/stdout of a process whose output was
 * deleted). Such a file is written through the link.
 */
char *final_name(const char *path);

#endif
