//! The shapes that stand at a series' points.

/// The markers in the order in which series take them: filled ones, then others, no outline again where colours come round.
pub const MARKERS: [Marker; 16] = [
    Marker::Circle,
    Marker::Triangle,
    Marker::Square,
    Marker::Diamond,
    Marker::Cross,
    Marker::Plus,
    Marker::DownTriangle,
    Marker::Star,
    Marker::OpenDiamond,
    Marker::OpenDownTriangle,
    Marker::OpenStar,
    Marker::OpenCircle,
    Marker::OpenTriangle,
    Marker::OpenSquare,
    Marker::LeftTriangle,
    Marker::RightTriangle,
];

/// The shape that stands at a series' points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Marker {
    Circle,
    Triangle,
    Square,
    Diamond,
    Cross,
    Plus,
    DownTriangle,
    Star,
    LeftTriangle,
    RightTriangle,
    OpenCircle,
    OpenTriangle,
    OpenSquare,
    OpenDiamond,
    OpenDownTriangle,
    OpenStar,
}

impl Marker {
    /// The marker of series number `series`.
    #[must_use]
    pub fn of(series: usize) -> Self {
        MARKERS[series % MARKERS.len()]
    }

    /// One terminal cell.
    #[must_use]
    pub fn glyph(self) -> char {
        match self {
            Self::Circle => '●',
            Self::Triangle => '▲',
            Self::Square => '■',
            Self::Diamond => '◆',
            Self::Cross => '✕',
            Self::Plus => '✚',
            Self::DownTriangle => '▼',
            Self::Star => '★',
            Self::LeftTriangle => '◀',
            Self::RightTriangle => '▶',
            Self::OpenCircle => '○',
            Self::OpenTriangle => '△',
            Self::OpenSquare => '□',
            Self::OpenDiamond => '◇',
            Self::OpenDownTriangle => '▽',
            Self::OpenStar => '☆',
        }
    }

    /// One cell of a terminal that has letters and little else.
    #[must_use]
    pub fn ascii(self) -> char {
        match self {
            Self::Circle => 'o',
            Self::Triangle => 'A',
            Self::Square => '#',
            Self::Diamond => '&',
            Self::Cross => 'x',
            Self::Plus => '+',
            Self::DownTriangle => 'V',
            Self::Star => '*',
            Self::LeftTriangle => '<',
            Self::RightTriangle => '>',
            Self::OpenCircle => '0',
            Self::OpenTriangle => '^',
            Self::OpenSquare => '=',
            Self::OpenDiamond => '%',
            Self::OpenDownTriangle => 'v',
            Self::OpenStar => '@',
        }
    }

    /// The filled marker of the same outline, where this one is drawn as its outline only.
    #[must_use]
    pub fn outlined(self) -> Option<Self> {
        match self {
            Self::OpenCircle => Some(Self::Circle),
            Self::OpenTriangle => Some(Self::Triangle),
            Self::OpenSquare => Some(Self::Square),
            Self::OpenDiamond => Some(Self::Diamond),
            Self::OpenDownTriangle => Some(Self::DownTriangle),
            Self::OpenStar => Some(Self::Star),
            _ => None,
        }
    }
}
