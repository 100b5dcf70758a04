"""The demo: a small invoicing application, first version and second, for each dialect, and its story.

In `<dialect>/` a blank line ends a statement: `v1.sql` makes a tenant, `rows.sql` fills it, `v2.sql` is how its
developers bring it on by hand, `half.sql` a release that broke off, `own.sql` what a customer added.
"""
