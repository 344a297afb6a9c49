//! The outlines of markers.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::page::Outline;
use crate::chart::Marker;

/// The outline of a marker about the origin, y down; all look about as large as a circle of
/// radius 1.
pub(super) fn outline(marker: Marker) -> Outline {
    match marker {
        Marker::Circle | Marker::OpenCircle => Outline::Circle,
        Marker::Square | Marker::OpenSquare => polygon(4, 1.25, PI / 4.0),
        Marker::Diamond | Marker::OpenDiamond => polygon(4, 1.35, FRAC_PI_2),
        Marker::Triangle | Marker::OpenTriangle => polygon(3, 1.4, FRAC_PI_2),
        Marker::DownTriangle | Marker::OpenDownTriangle => polygon(3, 1.4, -FRAC_PI_2),
        Marker::LeftTriangle => polygon(3, 1.4, PI),
        Marker::RightTriangle => polygon(3, 1.4, 0.0),
        Marker::Plus => Outline::Polygon(cross(0.0)),
        Marker::Cross => Outline::Polygon(cross(PI / 4.0)),
        Marker::Star | Marker::OpenStar => Outline::Polygon(
            (0..10)
                .map(|corner| {
                    let radius = if corner % 2 == 0 { 1.55 } else { 0.65 };
                    at(radius, FRAC_PI_2 + TAU * f64::from(corner) / 10.0)
                })
                .collect(),
        ),
    }
}

/// A point by radius and angle, y down.
fn at(radius: f64, angle: f64) -> (f64, f64) {
    (radius * angle.cos(), -radius * angle.sin())
}

fn polygon(corners: u32, radius: f64, first: f64) -> Outline {
    Outline::Polygon((0..corners).map(|k| at(radius, first + TAU * f64::from(k) / f64::from(corners))).collect())
}

/// Two bars of equal length, turned.
fn cross(turn: f64) -> Vec<(f64, f64)> {
    const LENGTH: f64 = 1.35;
    const HALF_WIDTH: f64 = 0.38;
    let (radius, angle) = (LENGTH.hypot(HALF_WIDTH), HALF_WIDTH.atan2(LENGTH));
    (0..4)
        .flat_map(|arm| {
            let along = turn + FRAC_PI_2 * f64::from(arm);
            [
                at(radius, along - angle),
                at(radius, along + angle),
                at(HALF_WIDTH * std::f64::consts::SQRT_2, along + PI / 4.0),
            ]
        })
        .collect()
}
