//! Every sentence a person reads, from `assets/i18n/<language>/*.ftl`.
