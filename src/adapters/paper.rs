//! Sheets of spare codes as PDF, saved or printed.
